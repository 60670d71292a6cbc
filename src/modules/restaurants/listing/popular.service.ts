import { cacheWrap } from '../../../infra/redis/index.ts';
import { now } from '../../../shared/clock.ts';
import type { GeoPoint } from '../../../shared/geo.ts';
import { deliversTo } from '../delivery-terms.ts';
import { keysDeliveringTo } from '../list-keys.ts';
import type { ListedRow } from './listed-row.ts';
import { byIdsQuery } from './find-listed.queries.ts';
import { popularQuery } from './popular.queries.ts';
import { changesAtMs, earliest, toListedRows, type ListedRestaurant } from './to-listed.ts';

/** What is ordered moves by the hour. */
const FRESH_SECONDS = 60;
/** Then, for so long, the old order is shown while the new one is made. */
const STALE_SECONDS = 600;
/** Per cell: some of them do not reach every point of it. */
const MAX_PER_CELL = 200;
/** Most of them do deliver to the point: so many more than asked for are read at once. */
const SPARE = 10;

/**
 * Restaurants that deliver to the point, the most ordered of late first. The order is made once per cell and kept in Redis; what
 * hangs on the point and on the clock is decided anew for everybody.
 */
export async function listPopularRestaurants(
  point: GeoPoint,
  limit: number,
): Promise<{ data: ListedRestaurant[]; validUntil: Date | null }> {
  const ids = await popularIdsAround(point);
  const at = now();
  const data: ListedRestaurant[] = [];
  for (let from = 0; from < ids.length && data.length < limit; from += limit + SPARE) {
    const rows = await rowsInOrder(ids.slice(from, from + limit + SPARE));
    const listed = await toListedRows(rows, { at, point, mode: 'delivery' });
    data.push(...listed.filter(({ row, location }) => deliversTo({ ...row, location }, point)));
  }
  const shown = data.slice(0, limit);
  return { data: shown, validUntil: earliest(shown.map((one) => changesAtMs(one, at))) };
}

async function rowsInOrder(ids: readonly string[]): Promise<ListedRow[]> {
  const byId = new Map((await byIdsQuery(ids, 'listed').toArray()).map((row) => [row._id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function popularIdsAround(point: GeoPoint): Promise<string[]> {
  const keys = keysDeliveringTo(point, []);
  return cacheWrap({
    cache: 'popular',
    // The cells of the point: all points between the same lines share it.
    key: keys.join('/'),
    ttlSeconds: FRESH_SECONDS,
    staleSeconds: STALE_SECONDS,
    load: async () => (await popularQuery(keys, MAX_PER_CELL).toArray()).map(({ _id }) => _id),
  });
}
