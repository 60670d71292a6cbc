import { AppError } from '../../errors/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { findRoleAt, listWorkplaces } from './workplaces.service.ts';

/** Whose money a command of the office moves; what is absent or null is nobody's. */
export interface Sides {
  customerId?: string | null | undefined;
  courierId?: string | null | undefined;
  restaurantId?: string | null | undefined;
  /** Of a restaurant that is not named. */
  ownerId?: string | null | undefined;
}

type Side = 'customer' | 'courier' | 'restaurant';

/**
 * Four eyes: nobody decides as the office about money of their own side, as customer, courier, or as who works in the restaurant. The one
 * place that says so; every money command of the office asks here before it does anything.
 * @throws AppError `own_side`
 */
export async function assertNotOwnSide(sides: Sides, { userId }: Pick<Actor, 'userId'>): Promise<void> {
  const as = await ownSideOf(sides, userId);
  if (as !== null) throw new AppError('own_side', { details: { as } });
}

async function ownSideOf(
  { customerId, courierId, restaurantId, ownerId }: Sides,
  userId: string,
): Promise<Side | null> {
  if (customerId === userId) return 'customer';
  if (courierId === userId) return 'courier';
  if (ownerId === userId) return 'restaurant';
  const worksThere = restaurantId != null && (await findRoleAt(restaurantId, userId)) !== null;
  return worksThere || (ownerId != null && (await worksFor(ownerId, userId))) ? 'restaurant' : null;
}

async function worksFor(ownerId: string, userId: string): Promise<boolean> {
  const [theirs, own] = await Promise.all([listWorkplaces(ownerId), listWorkplaces(userId)]);
  const owned = theirs.filter(({ role }) => role === 'owner').map(({ restaurantId }) => restaurantId);
  return own.some(({ restaurantId }) => owned.includes(restaurantId));
}

/**
 * A command about everybody's money, for who has a side in none of it.
 * @throws AppError `own_side`
 */
export async function assertOnNoSide({ userId, roles }: Pick<Actor, 'userId' | 'roles'>): Promise<void> {
  if (roles.includes('courier')) throw new AppError('own_side', { details: { as: 'courier' } });
  const workplaces = await listWorkplaces(userId);
  if (workplaces.length > 0) throw new AppError('own_side', { details: { as: 'restaurant' } });
}
