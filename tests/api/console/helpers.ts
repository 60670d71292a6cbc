import { AuditModel, type AuditRow } from '../../../src/infra/audit/audit.model.ts';
import { RestaurantModel, type RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import type { RestaurantConsole } from '../../../src/modules/console/restaurant-console.schema.ts';

/** What somebody knows first. */
export const DRAFT = {
  name: 'Pepper House',
  cuisines: ['north-indian', 'biryani'],
  phone: '+915550100123',
  addressLine: '7 Customs House Road',
  location: { lat: 15.2018, lng: 73.1014 },
  timeZone: 'Asia/Kolkata',
  currency: 'INR',
};

/** In `If-Match`. */
export function tag(version: number): { 'If-Match': string } {
  return { 'If-Match': `"${String(version)}"` };
}

export function consoleOf(res: { body: unknown }): RestaurantConsole {
  return res.body as RestaurantConsole;
}

export async function storedRestaurant(_id: string): Promise<RestaurantRow> {
  const row = await RestaurantModel.findById(_id).lean<RestaurantRow>();
  if (row === null) throw new Error(`no restaurant ${_id}`);
  return row;
}

/** What the audit says about it, oldest first. */
export function auditAbout(subjectId: string): Promise<AuditRow[]> {
  return AuditModel.find({ subjectId }).sort({ _id: 1 }).lean<AuditRow[]>().exec();
}
