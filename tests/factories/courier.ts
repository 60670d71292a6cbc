import { CourierModel, type CourierRecord } from '../../src/modules/deliveries/courier.model.ts';
import type { Actor } from '../../src/shared/actor.ts';
import { now } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';
import { metersNorth } from './restaurant.ts';

/** Idle in the middle of the town: approved, online, seen just now. */
export function buildCourier(changes: Partial<CourierRecord> = {}): CourierRecord {
  const at = now();
  return {
    _id: newId(),
    vehicle: 'scooter',
    status: 'approved',
    isOnline: true,
    activeDeliveryId: null,
    location: metersNorth(0),
    locationAt: at,
    sharedAt: null,
    createdAt: at,
    updatedAt: at,
    ...changes,
  };
}

export async function createCourier(changes: Partial<CourierRecord> = {}): Promise<CourierRecord> {
  const courier = buildCourier(changes);
  await new CourierModel(courier).save();
  return courier;
}

/** One courier per distance, north of the restaurant. */
export async function createCouriersAt(...meters: number[]): Promise<CourierRecord[]> {
  const couriers = meters.map((distance) => buildCourier({ location: metersNorth(distance) }));
  await CourierModel.insertMany(couriers);
  return couriers;
}

export function courierActor({ _id: userId }: { _id: string }): Actor {
  return { userId, roles: ['courier'], sessionId: newId() };
}
