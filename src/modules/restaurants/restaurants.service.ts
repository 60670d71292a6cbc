import { trusted } from 'mongoose';
import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now, nowMs } from '../../shared/clock.ts';
import { availabilityOf, isBusyAt, type Availability, type AvailabilityQuestion } from './availability.ts';
import { findSlotCounts, findSlotCountsOf } from './kitchen-slots.service.ts';
import { nextTurnOf } from './next-turn.ts';
import { RestaurantModel, type RestaurantRow } from './restaurant.model.ts';
import { toRestaurantSnapshot, type RestaurantSnapshot } from './restaurant-snapshot.ts';
import { ownedQuery } from './restaurants.queries.ts';

/** Beyond it exceptions are not yet entered, and an answer would be a guess. */
export const FORESEEN_DAYS = 60;
const FORESEEN_MS = FORESEEN_DAYS * 86_400_000;
/** What a client's clock may be behind. */
const CLOCK_SLACK_MS = 60_000;

/** In any status; as `tx` sees it, if given. @throws AppError `not_found` */
export async function getRestaurant(restaurantId: string, tx: Tx | null = null): Promise<RestaurantSnapshot> {
  const row = await RestaurantModel.findById(restaurantId).session(tx).lean<RestaurantRow>();
  if (row === null) throw new AppError('not_found');
  return toRestaurantSnapshot(row);
}

/** Whether somebody has a restaurant that is not archived, of whatever standing. */
export async function hasOpenRestaurant(tx: Tx, ownerId: string): Promise<boolean> {
  const open = await RestaurantModel.exists({ ownerId, status: trusted({ $ne: 'archived' }) })
    .hint({ ownerId: 1, _id: 1 })
    .session(tx);
  return open !== null;
}

/** In any status and order; what is not there is left out. */
export async function findRestaurants(restaurantIds: readonly string[]): Promise<RestaurantSnapshot[]> {
  const rows = await RestaurantModel.find({ _id: trusted({ $in: [...restaurantIds] }) }).lean<RestaurantRow[]>();
  return rows.map(toRestaurantSnapshot);
}

/** As the public sees it. @throws AppError `not_found` unless it is live */
export async function getLiveRestaurant(restaurantId: string): Promise<RestaurantSnapshot> {
  const restaurant = await getRestaurant(restaurantId);
  if (restaurant.status !== 'live') throw new AppError('not_found');
  return restaurant;
}

/** @throws AppError `not_found` unless it is live */
export async function getRestaurantPage(restaurantId: string) {
  const restaurant = await getLiveRestaurant(restaurantId);
  const at = now();
  const slot = await findSlotCounts(restaurant, at);
  return { restaurant, availability: availabilityOf(restaurant, { at, slot }), at };
}

/** Of many at once, by id, whatever the mode. */
export async function findAvailabilities(
  restaurants: readonly RestaurantSnapshot[],
  at: Date,
): Promise<Map<string, Availability>> {
  const slots = await findSlotCountsOf(restaurants, at);
  return new Map(restaurants.map((one) => [one.id, availabilityOf(one, { at, slot: slots.get(one.id) })]));
}

/** Null where there is no such restaurant. */
export async function findOwnerId(restaurantId: string): Promise<string | null> {
  const row = await RestaurantModel.findById(restaurantId, { ownerId: 1 }).lean<Pick<RestaurantRow, 'ownerId'>>();
  return row?.ownerId ?? null;
}

export async function listOwnedRestaurantIds(userId: string): Promise<string[]> {
  const rows = await ownedQuery(userId).lean<{ _id: string }[]>();
  return rows.map(({ _id }) => _id);
}

/**
 * A restaurant that was public once, in any status: it answers with `not_live`. One that never was does not exist.
 * @throws AppError `not_found`
 */
export async function getKnownRestaurant(restaurantId: string): Promise<RestaurantSnapshot> {
  const restaurant = await getRestaurant(restaurantId);
  if (restaurant.status === 'draft' || restaurant.status === 'in_review') throw new AppError('not_found');
  return restaurant;
}

/** Without `at`: now, and true until the clock says otherwise. @throws AppError `not_found`; `validation_failed` for a time that is past or too far ahead */
export async function getAvailability(
  restaurantId: string,
  { at: asked, ...question }: Omit<AvailabilityQuestion, 'at' | 'slot'> & { at?: Date | undefined },
): Promise<{ availability: Availability; validUntil: Date | null }> {
  const restaurant = await getKnownRestaurant(restaurantId);
  const at = asked ?? now();
  assertForeseeable(at);
  const slot = await findSlotCounts(restaurant, at);
  const availability = availabilityOf(restaurant, { ...question, at, slot });
  return { availability, validUntil: asked === undefined ? nextTurnOf(restaurant, availability, at) : null };
}

function assertForeseeable(at: Date): void {
  const aheadMs = at.getTime() - nowMs();
  if (aheadMs >= -CLOCK_SLACK_MS && aheadMs <= FORESEEN_MS) return;
  const message = `must be now or within ${FORESEEN_DAYS} days`;
  throw new AppError('validation_failed', { details: [{ path: 'query.at', code: 'out_of_bounds', message }] });
}

/** What the kitchen needs at this instant, longer while it is busy. */
export function prepMinutesAt(restaurant: RestaurantSnapshot, at: Date): number {
  return restaurant.prepMinutes + (isBusyAt(restaurant, at) ? restaurant.busyExtraPrepMinutes : 0);
}
