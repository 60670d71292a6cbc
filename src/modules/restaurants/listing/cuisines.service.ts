import { cacheWrap } from '../../../infra/redis/index.ts';
import type { GeoPoint } from '../../../shared/geo.ts';
import { keysDeliveringTo, keysEverywhere } from '../list-keys.ts';
import { countByKey, cuisineRowsQuery } from './popular.queries.ts';

export interface CuisineCount {
  cuisine: string;
  /** Live restaurants that have it. */
  count: number;
}

const FRESH_SECONDS = 300;
const STALE_SECONDS = 3_600;
/** The cuisines of the most popular so many are named: nobody looks for the one behind them. */
const MAX_READ = 2_000;
const MAX_CUISINES = 100;

/**
 * Cuisines in use, the most frequent first. With a point those of the restaurants whose areas touch its cell of the map, so that
 * neighbours share one cached answer.
 */
export function listCuisines(point: GeoPoint | null): Promise<CuisineCount[]> {
  const keys = point === null ? null : keysDeliveringTo(point, []);
  return cacheWrap({
    cache: 'cuisines',
    key: keys?.join('/') ?? 'everywhere',
    ttlSeconds: FRESH_SECONDS,
    staleSeconds: STALE_SECONDS,
    load: () => (keys === null ? countEverywhere() : countAmong(keys)),
  });
}

async function countAmong(keys: readonly string[]): Promise<CuisineCount[]> {
  const counts = new Map<string, number>();
  for (const { cuisines } of await cuisineRowsQuery(keys, MAX_READ).toArray()) {
    for (const cuisine of new Set(cuisines)) counts.set(cuisine, (counts.get(cuisine) ?? 0) + 1);
  }
  return byCount([...counts].map(([cuisine, count]) => ({ cuisine, count })));
}

/** Names from the most popular, numbers from the index: exact, and without reading the restaurants. */
async function countEverywhere(): Promise<CuisineCount[]> {
  const named = await countAmong(keysEverywhere([]));
  const counted = named.map(async ({ cuisine }) => ({
    cuisine,
    count: await countByKey(keysEverywhere([cuisine])[0] ?? ''),
  }));
  return byCount(await Promise.all(counted));
}

function byCount(counts: CuisineCount[]): CuisineCount[] {
  return counts
    .sort((a, b) => (a.count === b.count ? (a.cuisine < b.cuisine ? -1 : 1) : b.count - a.count))
    .slice(0, MAX_CUISINES);
}
