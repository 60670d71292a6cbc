import { RestaurantStaffModel, type RestaurantStaffRow } from '../../src/modules/staff/restaurant-staff.model.ts';
import { now } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';

/** Somebody works somewhere; the invitation is left out. */
export async function createMember(changes: Partial<RestaurantStaffRow> = {}): Promise<RestaurantStaffRow> {
  const row: RestaurantStaffRow = {
    _id: newId(),
    restaurantId: newId(),
    userId: newId(),
    role: 'manager',
    createdAt: now(),
    updatedAt: now(),
    ...changes,
  };
  await new RestaurantStaffModel(row).save();
  return row;
}
