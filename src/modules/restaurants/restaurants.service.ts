import { trusted } from 'mongoose';
import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { greatCircleMeters, type GeoPoint } from '../../shared/geo.ts';
import { openCursor, sealCursor } from '../../shared/pagination.ts';
import { availabilityOf, isBusyAt, type Availability } from './availability.ts';
import { RestaurantModel, type RestaurantRow } from './restaurant.model.ts';
import { toRestaurantSnapshot, type RestaurantSnapshot } from './restaurant-snapshot.ts';
import {
  eachRestaurantBySlug,
  eachRestaurantNear,
  ownedQuery,
  type NearKey,
  type SlugKey,
} from './restaurants.queries.ts';
import { queryTokensOf } from './search-tokens.ts';

export interface ListRestaurantsInput {
  point: GeoPoint | null;
  radiusMeters: number | null;
  cuisines: readonly string[];
  q: string | null;
  openNow: boolean;
  limit: number;
  cursor: string | null;
}

export interface ListedRestaurant {
  restaurant: Omit<RestaurantSnapshot, 'description' | 'phone' | 'addressLine'>;
  availability: Availability;
  distanceMeters: number | null;
}

interface Candidate {
  row: RestaurantRow;
  key: NearKey | SlugKey;
}

/** A page that nobody can fill stops here and hands out a cursor, so that one request never reads the whole country. */
const MAX_SCANNED = 2_000;
const SCAN_BATCH = 100;

/**
 * A page of live restaurants: by distance when a point is given, else by slug. `openNow` keeps reading until the page is full.
 * @throws AppError `validation_failed` for a cursor of another list
 */
export async function listRestaurants(
  input: ListRestaurantsInput,
): Promise<{ data: ListedRestaurant[]; nextCursor: string | null }> {
  const tokens = input.q === null ? [] : queryTokensOf(input.q);
  if (input.q !== null && tokens.length === 0) return { data: [], nextCursor: null };
  const at = now();
  const data: ListedRestaurant[] = [];
  let scanned = 0;
  let lastKey: NearKey | SlugKey | null = null;
  for await (const { row, key } of candidates(input, tokens)) {
    if (scanned === MAX_SCANNED) return { data, nextCursor: cursorAt(lastKey, input) };
    scanned += 1;
    const listed = toListed(row, at, input.point);
    const isWanted = !input.openNow || listed.availability.isOpen;
    if (isWanted && data.length === input.limit) return { data, nextCursor: cursorAt(lastKey, input) };
    if (isWanted) data.push(listed);
    lastKey = key;
  }
  return { data, nextCursor: null };
}

function candidates(input: ListRestaurantsInput, tokens: string[]): AsyncGenerator<Candidate> {
  const { cuisines, point, limit, openNow } = input;
  const radiusMeters = input.radiusMeters ?? config.restaurants.searchRadiusMeters;
  const after = input.cursor === null ? null : keyOf(input.cursor, input);
  // One more than the page tells whether there is a next one.
  const batchSize = openNow ? Math.max(SCAN_BATCH, limit + 1) : limit + 2;
  if (point === null) return eachRestaurantBySlug({ cuisines, tokens }, after as SlugKey | null, batchSize);
  return eachRestaurantNear({ cuisines, tokens, point, radiusMeters }, after as NearKey | null, batchSize);
}

function toListed(row: RestaurantRow, at: Date, point: GeoPoint | null): ListedRestaurant {
  const restaurant = toRestaurantSnapshot(row);
  return {
    restaurant,
    availability: availabilityOf(restaurant, { at, point: point ?? undefined }),
    distanceMeters: point === null ? null : greatCircleMeters(restaurant.location, point),
  };
}

/** The seal covers every filter; only `limit` may change between pages. */
function scopeOf({ point, radiusMeters, cuisines, q, openNow }: ListRestaurantsInput): string {
  return JSON.stringify(['restaurants', point?.lat, point?.lng, radiusMeters, cuisines, q, openNow]);
}

function cursorAt(key: NearKey | SlugKey | null, input: ListRestaurantsInput): string {
  return sealCursor(key, scopeOf(input), config.quotes.secret);
}

function keyOf(cursor: string, input: ListRestaurantsInput): unknown {
  const key = openCursor(cursor, scopeOf(input), config.quotes.secret);
  if (key !== null) return key;
  const message = 'The cursor does not belong to this list and these filters.';
  throw new AppError('validation_failed', { details: [{ path: 'query.cursor', code: 'invalid_cursor', message }] });
}

/** In any status. @throws AppError `not_found` */
export async function getRestaurant(restaurantId: string): Promise<RestaurantSnapshot> {
  const row = await RestaurantModel.findById(restaurantId).lean<RestaurantRow>();
  if (row === null) throw new AppError('not_found');
  return toRestaurantSnapshot(row);
}

/** Whether somebody has a restaurant that is not archived, of whatever standing. */
export async function hasOpenRestaurant(tx: Tx, ownerId: string): Promise<boolean> {
  const open = await RestaurantModel.exists({ ownerId, status: trusted({ $ne: 'archived' }) }).session(tx);
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
  return { restaurant, availability: availabilityOf(restaurant, { at }), at };
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
 * A restaurant that was public once answers with `not_live`; one that never was does not exist.
 * @throws AppError `not_found`
 */
export async function getAvailability(
  restaurantId: string,
  point: GeoPoint | null,
): Promise<Availability & { at: Date }> {
  const restaurant = await getRestaurant(restaurantId);
  if (restaurant.status === 'draft' || restaurant.status === 'in_review') throw new AppError('not_found');
  const at = now();
  return { ...availabilityOf(restaurant, { at, point: point ?? undefined }), at };
}

/** What the kitchen needs at this instant, longer while it is busy. */
export function prepMinutesAt(restaurant: RestaurantSnapshot, at: Date): number {
  return restaurant.prepMinutes + (isBusyAt(restaurant, at) ? restaurant.busyExtraPrepMinutes : 0);
}
