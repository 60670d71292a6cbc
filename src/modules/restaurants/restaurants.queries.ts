import { trusted, type QueryFilter } from 'mongoose';
import { toGeoJson, type GeoPoint } from '../../shared/geo.ts';
import { RESTAURANT_INDEXES, RestaurantModel, type RestaurantRow } from './restaurant.model.ts';

export interface RestaurantFilter {
  /** Any of these; empty: all. */
  cuisines: readonly string[];
  /** All of these (`queryTokensOf`); empty: no search. */
  tokens: readonly string[];
}

export interface NearFilter extends RestaurantFilter {
  point: GeoPoint;
  radiusMeters: number;
}

/** The place of a row in the list; the next page begins after it. */
export type NearKey = [distance: number, id: string];
export type SlugKey = [slug: string];

export interface NearRow {
  row: RestaurantRow;
  key: NearKey;
}

/** What a list row never shows stays in the database. */
const HIDDEN_IN_LISTS = { description: 0, searchTokens: 0, phone: 0, addressLine: 0 } as const;

/** Live restaurants by slug after `after`, from the index that fits the filter, in batches. */
export async function* eachRestaurantBySlug(
  filter: RestaurantFilter,
  after: SlugKey | null,
  batchSize: number,
): AsyncGenerator<{ row: RestaurantRow; key: SlugKey }> {
  let last = after?.[0] ?? '';
  for (;;) {
    const rows = await slugQuery(filter, last, batchSize).lean<RestaurantRow[]>();
    for (const row of rows) yield { row, key: [row.slug] };
    last = rows.at(-1)?.slug ?? last;
    if (rows.length < batchSize) return;
  }
}

export function slugQuery(filter: RestaurantFilter, afterSlug: string, limit: number) {
  return RestaurantModel.find({ ...liveFilter(filter), slug: trusted({ $gt: afterSlug }) }, HIDDEN_IN_LISTS)
    .sort({ slug: 1 })
    .limit(limit)
    .hint(slugIndexOf(filter));
}

/**
 * Live restaurants by distance and id after `after`. `$geoNear` leaves the order of equal distances open, so a batch is only
 * given out up to the last distance that it holds completely; it grows when one distance fills it.
 */
export async function* eachRestaurantNear(
  filter: NearFilter,
  after: NearKey | null,
  batchSize: number,
): AsyncGenerator<NearRow> {
  let last = after;
  let limit = batchSize;
  for (;;) {
    const batch = await nearBatch(filter, last?.[0] ?? 0, limit);
    const isExhausted = batch.length < limit;
    const complete = isExhausted ? batch : batch.filter(({ key }) => key[0] < (batch.at(-1)?.key[0] ?? 0));
    const fresh = complete.filter(({ key }) => last === null || compareKeys(key, last) > 0);
    yield* fresh.sort((a, b) => compareKeys(a.key, b.key));
    if (isExhausted) return;
    if (fresh.length === 0) limit *= 2;
    last = fresh.at(-1)?.key ?? last;
  }
}

async function nearBatch(filter: NearFilter, minDistance: number, limit: number): Promise<NearRow[]> {
  const rows = await RestaurantModel.aggregate<RestaurantRow & { distance: number }>(
    nearPipeline(filter, minDistance, limit),
  );
  return rows.map(({ distance, ...row }) => ({ row, key: [distance, row._id] }));
}

/** A centimeter of slack: the server turns meters into radians and back, and must not lose a row at exactly the distance. */
const SLACK_METERS = 0.01;

export function nearPipeline(filter: NearFilter, minDistance: number, limit: number) {
  return [
    {
      $geoNear: {
        near: toGeoJson(filter.point),
        key: 'location',
        distanceField: 'distance',
        spherical: true,
        minDistance: Math.max(0, minDistance - SLACK_METERS),
        maxDistance: filter.radiusMeters,
        query: liveFilter(filter),
      },
    },
    { $limit: limit },
    { $project: HIDDEN_IN_LISTS },
  ];
}

export function ownedQuery(ownerId: string) {
  return RestaurantModel.find({ ownerId }, { _id: 1 }).sort({ _id: 1 }).hint({ ownerId: 1, _id: 1 });
}

function compareKeys(a: NearKey, b: NearKey): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  return a[1] < b[1] ? -1 : Number(a[1] > b[1]);
}

function liveFilter({ cuisines, tokens }: RestaurantFilter): QueryFilter<RestaurantRow> {
  return {
    status: 'live',
    ...(cuisines.length === 0 ? {} : { cuisines: trusted({ $in: [...cuisines] }) }),
    ...(tokens.length === 0 ? {} : { searchTokens: trusted({ $all: [...tokens] }) }),
  };
}

function slugIndexOf({ cuisines, tokens }: RestaurantFilter): string {
  if (tokens.length > 0) return RESTAURANT_INDEXES.byToken;
  return cuisines.length > 0 ? RESTAURANT_INDEXES.byCuisine : RESTAURANT_INDEXES.bySlug;
}
