import { AppError } from '../../errors/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { canStaff, type StaffPermission, type StaffRole } from '../../shared/permissions.ts';
import { findOwnerId, findRestaurants, listOwnedRestaurantIds, type RestaurantStatus } from '../restaurants/index.ts';
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
  const role = await findRoleAt(restaurantId, userId);
  if (role === null) throw new AppError('not_found');
  if (!canStaff(role, permission)) throw new AppError('forbidden');
  return role;
}

/** Null: somebody who does not work there. */
export async function findRoleAt(restaurantId: string, userId: string): Promise<StaffRole | null> {
  const [ownerId, row] = await Promise.all([
    findOwnerId(restaurantId),
    RestaurantStaffModel.findOne({ restaurantId, userId }, { role: 1 }).lean<Pick<RestaurantStaffRow, 'role'>>(),
  ]);
  if (ownerId === null) return null;
  return ownerId === userId ? 'owner' : (row?.role ?? null);
}

/** Everybody whose role in the restaurant allows it, the owner first. */
export async function listStaffIds(restaurantId: string, permission: StaffPermission): Promise<string[]> {
  const [ownerId, rows] = await Promise.all([
    findOwnerId(restaurantId),
    RestaurantStaffModel.find({ restaurantId }, { userId: 1, role: 1 }).lean<
      Pick<RestaurantStaffRow, 'userId' | 'role'>[]
    >(),
  ]);
  const owner = ownerId !== null && canStaff('owner', permission) ? [ownerId] : [];
  return [...owner, ...rows.filter(({ role }) => canStaff(role, permission)).map(({ userId }) => userId)];
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

interface NamedWorkplace extends Workplace {
  name: string;
  /** Of the restaurant: drafts are there too. */
  status: RestaurantStatus;
}

/** The same with names, by name, for the person. */
export async function listNamedWorkplaces({ userId, roles }: Actor): Promise<NamedWorkplace[]> {
  // Without the role nobody works anywhere, whatever stands in the rows: an admin may have taken it.
  const workplaces = roles.includes('restaurant') ? await listWorkplaces(userId) : [];
  const restaurants = await findRestaurants(workplaces.map(({ restaurantId }) => restaurantId));
  const roleAt = new Map(workplaces.map(({ restaurantId, role }) => [restaurantId, role]));
  return restaurants
    .flatMap(({ id: restaurantId, name, status }) => {
      const role = roleAt.get(restaurantId);
      return role === undefined ? [] : [{ restaurantId, role, name, status }];
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}
