import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { now } from '../../../shared/clock.ts';
import type { GeoPoint } from '../../../shared/geo.ts';
import { openCursor, sealCursor } from '../../../shared/pagination.ts';
import { keysDeliveringTo, keysEverywhere, keysLyingWithin, wordKey } from '../list-keys.ts';
import { queryTokensOf } from '../search-tokens.ts';
import { sortOf, type ListRestaurantsInput } from './list-input.ts';
import {
  compareKeys,
  type KeyedRow,
  restaurantsBy,
  restaurantsNear,
  type ListKey,
  type RowFilter,
} from './listing.queries.ts';
import { changesAtMs, earliest, toListedRows, type ListedRestaurant } from './to-listed.ts';

export interface ListPage {
  data: ListedRestaurant[];
  nextCursor: string | null;
  /** When the page would become another by the clock alone; null: not in sight. */
  validUntil: Date | null;
  /** Keys of `listKeys`: a restaurant that were to be on the page would have one of them. */
  keys: readonly string[];
  /** Kept off the page by a full kitchen alone, which an order that is given back opens again. */
  fullIds: readonly string[];
}

interface Ranked {
  listed: ListedRestaurant;
  key: ListKey;
}

/** Where a page ended. `isBeyond`: past those that are ranked by their time of arrival, where the list goes on by distance. */
interface Position {
  key: ListKey;
  isBeyond: boolean;
}

interface Walk {
  input: ListRestaurantsInput;
  at: Date;
  after: ListKey | null;
  tokens: string[];
}

/** What would make it another page. */
interface Seen {
  changes: number[];
  fullIds: string[];
}

/** A page that nobody can fill stops here and hands out a cursor, so that one request never reads the whole country. */
const MAX_SCANNED = 2_000;
const SCAN_BATCH = 100;
/** Of those that fit, the nearest so many are ranked by their time of arrival; whoever is further away follows by distance. */
const MAX_RANKED = 300;
/** No area reaches further; the cells decide which restaurants within it deliver. */
const MAX_DELIVERY_METERS = 50_000;

/**
 * A page of live restaurants. What an index can decide is decided there, the rest (reach, hours, fee) on the rows while reading on
 * until the page is full.
 * @throws AppError `validation_failed` for a cursor of another list
 */
export async function listRestaurants(input: ListRestaurantsInput): Promise<ListPage> {
  const tokens = input.q === null ? [] : queryTokensOf(input.q);
  if (input.q !== null && tokens.length === 0)
    return { data: [], nextCursor: null, validUntil: null, keys: [], fullIds: [] };
  const after = input.cursor === null ? null : positionOf(input.cursor, input);
  const walk = { input, at: now(), after: after?.key ?? null, tokens };
  const isRanked = sortOf(input) === 'eta' && after?.isBeyond !== true;
  const list = await (isRanked ? rankByEta(walk) : readInOrder(walk));
  return { ...list, keys: keysOf(input, tokens).keys };
}

async function readInOrder({ input, at, after, tokens }: Walk): Promise<Omit<ListPage, 'keys'>> {
  const data: ListedRestaurant[] = [];
  const seen: Seen = { changes: [], fullIds: [] };
  let scanned = 0;
  let lastKey = after;
  const isBeyond = sortOf(input) === 'eta';
  const end = (key: ListKey | null) => pageOf(data, key === null ? null : { key, isBeyond }, { input, seen });
  for await (const { listed, key } of eachListed(rowsInOrder(input, tokens, after), { input, at })) {
    if (scanned === MAX_SCANNED) return end(lastKey);
    scanned += 1;
    const isWanted = arrives(listed, input) && fits(listed, input);
    note(seen, listed, { at, isWanted });
    if (isWanted && data.length === input.limit) return end(lastKey);
    if (isWanted) data.push(listed);
    lastKey = key;
  }
  return end(null);
}

/** In the process: a time of arrival hangs on place and hour, and no index knows it. */
async function rankByEta({ input, at, after, tokens }: Walk): Promise<Omit<ListPage, 'keys'>> {
  const ranked: Ranked[] = [];
  const seen: Seen = { changes: [], fullIds: [] };
  let scanned = 0;
  let furthest: ListKey = [0, ''];
  let beyond: Position | null = null;
  const batches = rowsInOrder({ ...input, limit: SCAN_BATCH }, tokens, null);
  for await (const { listed, key } of eachListed(batches, { input, at })) {
    if (scanned === MAX_SCANNED || ranked.length === MAX_RANKED) {
      beyond = { key: furthest, isBeyond: true };
      break;
    }
    scanned += 1;
    furthest = key;
    const isWanted = arrives(listed, input) && fits(listed, input);
    note(seen, listed, { at, isWanted });
    if (isWanted) ranked.push({ listed, key: [listed.etaMinutes ?? 0, listed.row._id] });
  }
  const rest = ranked
    .sort((a, b) => compareKeys(a.key, b.key))
    .filter(({ key }) => after === null || compareKeys(key, after) > 0);
  const shown = rest.slice(0, input.limit);
  const last = rest.length > shown.length ? shown.at(-1) : undefined;
  return pageOf(
    shown.map(({ listed }) => listed),
    last === undefined ? beyond : { key: last.key, isBeyond: false },
    { input, seen },
  );
}

function note(seen: Seen, listed: ListedRestaurant, { at, isWanted }: { at: Date; isWanted: boolean }): void {
  seen.changes.push(changesAtMs(listed, at));
  if (!isWanted && listed.availability.reason === 'capacity_full') seen.fullIds.push(listed.row._id);
}

async function* eachListed(
  batches: AsyncGenerator<KeyedRow[]>,
  { input: { point, mode }, at }: Pick<Walk, 'input' | 'at'>,
): AsyncGenerator<Ranked> {
  for await (const batch of batches) {
    const listed = await toListedRows(
      batch.map(({ row }) => row),
      { at, point, mode },
    );
    for (const [index, { key }] of batch.entries()) {
      const one = listed[index];
      if (one !== undefined) yield { listed: one, key };
    }
  }
}

function pageOf(
  data: ListedRestaurant[],
  last: Position | null,
  { input, seen }: { input: ListRestaurantsInput; seen: Seen },
): Omit<ListPage, 'keys'> {
  const nextCursor = last === null ? null : sealCursor(last, scopeOf(input), config.quotes.secret);
  return { data, nextCursor, validUntil: earliest(seen.changes), fullIds: seen.fullIds };
}

function arrives({ etaMinutes }: ListedRestaurant, input: ListRestaurantsInput): boolean {
  return etaMinutes !== null || sortOf(input) !== 'eta';
}

/** What only the row can tell. */
function fits(
  { availability, distanceMeters, deliveryFeeMinor }: ListedRestaurant,
  input: ListRestaurantsInput,
): boolean {
  if (input.openNow && !availability.isOpen) return false;
  if (input.mode === 'delivery' && availability.reason === 'out_of_range') return false;
  if (distanceMeters !== null && distanceMeters > reachOf(input)) return false;
  return input.maxFeeMinor === null || (deliveryFeeMinor !== null && deliveryFeeMinor <= input.maxFeeMinor);
}

/** Who asks for delivery without a radius is shown whoever delivers. */
function reachOf({ radiusMeters, mode }: ListRestaurantsInput): number {
  return radiusMeters ?? (mode === 'delivery' ? MAX_DELIVERY_METERS : config.restaurants.searchRadiusMeters);
}

function rowsInOrder(input: ListRestaurantsInput, tokens: string[], after: ListKey | null): AsyncGenerator<KeyedRow[]> {
  const { point, limit, openNow, maxFeeMinor, diets, minRating, mode } = input;
  const isSifted = openNow || maxFeeMinor !== null;
  // One more than the page tells whether there is a next one.
  const firstBatch = isSifted ? Math.max(SCAN_BATCH, limit + 1) : limit + 1;
  const filter = { diets, tokens, minRating, mode, ...keysOf(input, tokens) };
  const sort = sortOf(input);
  if (point !== null && (sort === 'distance' || sort === 'eta')) {
    const keys = mode === 'delivery' ? keysDeliveringTo(point, input.cuisines) : [];
    const near = { ...filter, keys, cuisines: input.cuisines, point, radiusMeters: reachOf(input) };
    return restaurantsNear(near, after, firstBatch + 1);
  }
  return restaurantsBy(sort === 'rating' ? 'rating' : 'popularity', filter, {
    after,
    firstBatch,
    nextBatch: Math.max(SCAN_BATCH, limit + 1),
  });
}

/** Of all tokens the longest is the rarest. Without a point it leads the walk, and cuisines are asked of the rows. */
function keysOf(input: ListRestaurantsInput, tokens: string[]): Pick<RowFilter, 'keys' | 'cuisines'> {
  const { point, cuisines } = input;
  if (point !== null) return { keys: placeKeys(point, input), cuisines: [] };
  const longest = tokens.toSorted((a, b) => b.length - a.length)[0];
  if (longest !== undefined) return { keys: [wordKey(longest)], cuisines };
  return { keys: keysEverywhere(cuisines), cuisines: [] };
}

function placeKeys(point: GeoPoint, input: ListRestaurantsInput): string[] {
  if (input.mode === 'delivery') return keysDeliveringTo(point, input.cuisines);
  return keysLyingWithin(point, reachOf(input), input.cuisines);
}

/** The seal covers order and every filter; only `limit` may change between pages. */
function scopeOf(input: ListRestaurantsInput): string {
  const { limit: _limit, cursor: _cursor, point, ...filters } = input;
  return JSON.stringify(['restaurants', point?.lat, point?.lng, Object.entries({ ...filters, sort: sortOf(input) })]);
}

function positionOf(cursor: string, input: ListRestaurantsInput): Position {
  const position = openCursor(cursor, scopeOf(input), config.quotes.secret);
  if (position !== null) return position as Position;
  const message = 'The cursor does not belong to this list and these filters.';
  throw new AppError('validation_failed', { details: [{ path: 'query.cursor', code: 'invalid_cursor', message }] });
}
