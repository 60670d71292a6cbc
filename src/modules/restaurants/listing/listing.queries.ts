import { mongo } from 'mongoose';
import { toGeoJson, type GeoPoint } from '../../../shared/geo.ts';
import { RESTAURANT_INDEXES, RestaurantModel } from '../restaurant.model.ts';
import { LISTED_FIELDS, type ListedRow } from './listed-row.ts';

/** What the database sifts by; the rest is decided on the rows. */
export interface RowFilter {
  /** Any of these list keys (`list-keys.ts`). */
  keys: readonly string[];
  /** Any of these, where the keys do not say it already. */
  cuisines: readonly string[];
  /** All of these. */
  diets: readonly string[];
  /** All of these (`queryTokensOf`). */
  tokens: readonly string[];
  minRating: number | null;
  mode: string | null;
}

/** The place of a row in the list: what it is sorted by, and its id. */
export type ListKey = [value: number, id: string];

export interface KeyedRow {
  row: ListedRow;
  key: ListKey;
}

export type WalkedSort = 'rating' | 'popularity';

const SORTS = {
  rating: {
    field: 'rating.average',
    index: RESTAURANT_INDEXES.byRating,
    valueOf: (row: ListedRow) => row.rating.average,
  },
  popularity: {
    field: 'popularity',
    index: RESTAURANT_INDEXES.byPopularity,
    valueOf: (row: ListedRow) => row.popularity,
  },
} as const;

/** Live restaurants by rating or popularity, the highest first and equal ones by id, after `after`, in batches that grow once. */
export async function* restaurantsBy(
  sort: WalkedSort,
  filter: RowFilter,
  { after, firstBatch, nextBatch }: { after: ListKey | null; firstBatch: number; nextBatch: number },
): AsyncGenerator<KeyedRow[]> {
  let last = after;
  let limit = firstBatch;
  for (;;) {
    const rows = await walkQuery(sort, filter, { after: last, limit }).toArray();
    const keyed = rows.map((row): KeyedRow => ({ row, key: [SORTS[sort].valueOf(row), row._id] }));
    yield keyed;
    if (rows.length < limit) return;
    last = keyed.at(-1)?.key ?? last;
    limit = nextBatch;
  }
}

/**
 * One walk of the index per list key, merged in the order of the sort. Two branches a key after a first page: only so does the
 * server begin each walk at the cursor and still merge them without a sort in memory.
 */
export function walkQuery(
  sort: WalkedSort,
  filter: RowFilter,
  { after, limit }: { after: ListKey | null; limit: number },
): mongo.FindCursor<ListedRow> {
  const { field, index } = SORTS[sort];
  return rows()
    .find({ ...branches(field, filter.keys, after), ...residual(filter) }, { projection: LISTED_FIELDS })
    .sort({ [field]: -1, _id: 1 })
    .limit(limit)
    .batchSize(limit + 1)
    .hint(index);
}

function branches(field: string, keys: readonly string[], after: ListKey | null): mongo.Document {
  if (after === null) return { listKeys: keys.length === 1 ? keys[0] : { $in: keys } };
  const [value, id] = after;
  return {
    $or: keys.flatMap((listKeys) => [
      { listKeys, [field]: value, _id: { $gt: id } },
      { listKeys, [field]: { $lt: value } },
    ]),
  };
}

function residual({ cuisines, diets, tokens, minRating, mode }: Omit<RowFilter, 'keys'>): mongo.Document {
  return {
    ...(cuisines.length === 0 ? {} : { cuisines: { $in: cuisines } }),
    ...(diets.length === 0 ? {} : { diets: { $all: diets } }),
    ...(tokens.length === 0 ? {} : { searchTokens: { $all: tokens } }),
    ...(minRating === null ? {} : { 'rating.average': { $gte: minRating } }),
    ...(mode === null ? {} : { modes: mode }),
  };
}

export interface NearFilter extends Omit<RowFilter, 'keys'> {
  /** Those that deliver to the point have one of these; empty: all that lie in the circle. */
  keys: readonly string[];
  point: GeoPoint;
  radiusMeters: number;
}

/** Wide enough for a page in a town; where it is not, the next ring is four times as wide. */
export const FIRST_RING_METERS = 1_000;
const RING_GROWTH = 4;

/**
 * Live restaurants by distance and id after `after`, ring by ring: `$geoNear` reads its whole circle, however few rows are asked
 * for, and the rest of a dense country is not to be read for the page of a town.
 */
export async function* restaurantsNear(
  filter: NearFilter,
  after: ListKey | null,
  batchSize: number,
): AsyncGenerator<KeyedRow[]> {
  let last = after;
  let from = after?.[0] ?? 0;
  for (let width = FIRST_RING_METERS; ; width *= RING_GROWTH) {
    const to = Math.min(from + width, filter.radiusMeters);
    last = yield* restaurantsInRing({ ...filter, radiusMeters: to }, { from, after: last }, batchSize);
    if (to >= filter.radiusMeters) return;
    from = to;
  }
}

/**
 * `$geoNear` leaves the order of equal distances open, so a batch is only given out up to the last distance that it holds
 * completely; it grows when one distance fills it. @returns the key of the last row that was given out
 */
async function* restaurantsInRing(
  filter: NearFilter,
  { from, after }: { from: number; after: ListKey | null },
  batchSize: number,
): AsyncGenerator<KeyedRow[], ListKey | null> {
  let last = after;
  let limit = batchSize;
  for (;;) {
    const batch = await nearBatch(filter, Math.max(from, last?.[0] ?? 0), limit);
    const isExhausted = batch.length < limit;
    const complete = isExhausted ? batch : batch.filter(({ key }) => key[0] < (batch.at(-1)?.key[0] ?? 0));
    const fresh = complete.filter(({ key }) => last === null || compareKeys(key, last) > 0);
    if (fresh.length > 0) yield fresh.sort((a, b) => compareKeys(a.key, b.key));
    last = fresh.at(-1)?.key ?? last;
    if (isExhausted) return last;
    if (fresh.length === 0) limit *= 2;
  }
}

async function nearBatch(filter: NearFilter, minDistance: number, limit: number): Promise<KeyedRow[]> {
  const found = await rows()
    .aggregate<ListedRow & { distance: number }>(nearPipeline(filter, minDistance, limit), { batchSize: limit + 1 })
    .toArray();
  return found.map((row) => ({ row, key: [row.distance, row._id] }));
}

/** A centimeter of slack: the server turns meters into radians and back, and must not lose a row at exactly the distance. */
const SLACK_METERS = 0.01;

export function nearPipeline(filter: NearFilter, minDistance: number, limit: number): mongo.Document[] {
  return [
    {
      $geoNear: {
        near: toGeoJson(filter.point),
        key: 'location',
        distanceField: 'distance',
        spherical: true,
        minDistance: Math.max(0, minDistance - SLACK_METERS),
        maxDistance: filter.radiusMeters,
        query: {
          status: 'live',
          ...residual(filter),
          ...(filter.keys.length === 0 ? {} : { listKeys: { $in: filter.keys } }),
        },
      },
    },
    { $limit: limit },
    { $project: { ...LISTED_FIELDS, distance: 1 } },
  ];
}

export function compareKeys(a: ListKey, b: ListKey): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  return a[1] < b[1] ? -1 : Number(a[1] > b[1]);
}

/** By the driver: what Mongoose does for a read with `lean` costs a page of twenty a fifth of its time. */
function rows(): mongo.Collection<ListedRow> {
  return RestaurantModel.collection as unknown as mongo.Collection<ListedRow>;
}
