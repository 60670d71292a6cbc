import { AppError } from '../../errors/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { canStaff, type StaffPermission, type StaffRole } from '../../shared/permissions.ts';
import { findOwnerId, findRestaurants, listOwnedRestaurantIds } from '../restaurants/index.ts';
import { RestaurantStaffModel, type RestaurantStaffRow } from './restaurant-staff.model.ts';

/** A restaurant where somebody works, and as what. */
export interface Workplace {
  restaurantId: string;
  role: StaffRole;
}

/**
 * What somebody is in a restaurant. Read at each use, so that a new role holds from the next request on.
 * @throws AppError `not_found` for who does not work there, `forbidden` for who does and may not
 */
export async function assertWorksAt(
  restaurantId: string,
  userId: string,
  permission: StaffPermission,
): Promise<StaffRole> {
  const [ownerId, row] = await Promise.all([
    findOwnerId(restaurantId),
    RestaurantStaffModel.findOne({ restaurantId, userId }, { role: 1 }).lean<Pick<RestaurantStaffRow, 'role'>>(),
  ]);
  const role = ownerId === userId ? 'owner' : row?.role;
  if (role === undefined || ownerId === null) throw new AppError('not_found');
  if (!canStaff(role, permission)) throw new AppError('forbidden');
  return role;
}

/** Every restaurant where somebody works. Two reads at once, each from its index. */
export async function listWorkplaces(userId: string): Promise<Workplace[]> {
  const [owned, rows] = await Promise.all([
    listOwnedRestaurantIds(userId),
    RestaurantStaffModel.find({ userId }, { _id: 0, restaurantId: 1, role: 1 }).lean<Workplace[]>(),
  ]);
  const asOwner = owned.map<Workplace>((restaurantId) => ({ restaurantId, role: 'owner' }));
  return [...asOwner, ...rows.filter(({ restaurantId }) => !owned.includes(restaurantId))];
}

/** The same with names, by name, for the person. */
export async function listNamedWorkplaces({ userId, roles }: Actor): Promise<(Workplace & { name: string })[]> {
  // Without the role nobody works anywhere, whatever stands in the rows: an admin may have taken it.
  const workplaces = roles.includes('restaurant') ? await listWorkplaces(userId) : [];
  const restaurants = await findRestaurants(workplaces.map(({ restaurantId }) => restaurantId));
  const names = new Map(restaurants.map(({ id, name }) => [id, name]));
  return workplaces
    .map((workplace) => ({ ...workplace, name: names.get(workplace.restaurantId) ?? '' }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
