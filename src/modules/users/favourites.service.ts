import { trusted } from 'mongoose';
import { config } from '../../config/index.ts';
import { AppError, invalidCursor, isDuplicateKey } from '../../errors/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { openCursor, sealCursor } from '../../shared/pagination.ts';
import {
  findAvailabilities,
  findRestaurants,
  getLiveRestaurant,
  getRestaurant,
  type RestaurantSnapshot,
} from '../restaurants/index.ts';
import { holdAccount } from './account-hold.service.ts';
import { FavouriteModel, type FavouriteRow } from './favourite.model.ts';

export const MAX_FAVOURITES = 500;

export interface Favourite {
  restaurant: RestaurantSnapshot;
  /** Takes orders at this moment. */
  isOpen: boolean;
  addedAt: Date;
}

interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

/** The last added first. One whose restaurant is gone for good is left out. */
export async function listFavourites(
  { limit, cursor }: PageRequest,
  userId: string,
): Promise<{ data: Favourite[]; nextCursor: string | null }> {
  const scope = `favourites ${userId}`;
  const before = cursor === undefined ? null : openCursor(cursor, scope, config.quotes.secret);
  if (cursor !== undefined && typeof before !== 'string') throw invalidCursor();
  const rows = await favouritesQuery({ userId, before: before as string | null, limit: limit + 1 }).lean<
    FavouriteRow[]
  >();
  const page = rows.slice(0, limit);
  const restaurants = await findRestaurants(page.map(({ restaurantId }) => restaurantId));
  const availabilities = await findAvailabilities(restaurants, now());
  const byId = new Map(restaurants.map((restaurant) => [restaurant.id, restaurant]));
  const data = page.flatMap(({ restaurantId, createdAt }) => {
    const restaurant = byId.get(restaurantId);
    return restaurant === undefined
      ? []
      : [{ restaurant, isOpen: availabilities.get(restaurantId)?.isOpen === true, addedAt: createdAt }];
  });
  const last = page.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { data, nextCursor: hasMore ? sealCursor(last._id, scope, config.quotes.secret) : null };
}

/** Exported for the explain test. */
export function favouritesQuery({ userId, before, limit }: { userId: string; before: string | null; limit: number }) {
  return FavouriteModel.find({ userId, ...(before === null ? {} : { _id: trusted({ $lt: before }) }) })
    .sort({ _id: -1 })
    .limit(limit)
    .hint({ userId: 1, _id: -1 });
}

/**
 * Once or twenty times: it stands there once.
 * @throws AppError `not_found` unless the restaurant is live, `list_full`
 */
export async function addFavourite(restaurantId: string, userId: string): Promise<void> {
  await getLiveRestaurant(restaurantId);
  try {
    await withTransaction((tx) => insertFavourite(tx, { restaurantId, userId }));
  } catch (error) {
    // Another request was faster.
    if (!isDuplicateKey(error)) throw error;
  }
}

async function insertFavourite(tx: Tx, favourite: { restaurantId: string; userId: string }): Promise<void> {
  await holdAccount(tx, favourite.userId);
  const { upsertedCount } = await FavouriteModel.collection.updateOne(
    favourite,
    { $setOnInsert: { _id: newId(), createdAt: now() } },
    { session: tx, upsert: true },
  );
  if (upsertedCount === 0) return;
  const count = await FavouriteModel.collection.countDocuments({ userId: favourite.userId }, { session: tx });
  if (count > MAX_FAVOURITES) throw new AppError('list_full');
}

/** Also of a restaurant that is not live any more. @throws AppError `not_found` for one that never was there */
export async function removeFavourite(restaurantId: string, userId: string): Promise<void> {
  const { deletedCount } = await FavouriteModel.deleteOne({ userId, restaurantId });
  if (deletedCount === 0) await getRestaurant(restaurantId);
}
