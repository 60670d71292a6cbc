import type { GeoPoint } from '../../../shared/geo.ts';
import { keysDeliveringTo, keysEverywhere } from '../list-keys.ts';
import { countByKey, cuisineRowsQuery } from './popular.queries.ts';

export interface CuisineCount {
  cuisine: string;
  /** Live restaurants that have it. */
  count: number;
}

/** The cuisines of the most popular so many are named: nobody looks for the one behind them. */
const MAX_READ = 2_000;
const MAX_CUISINES = 100;

/** With a point those of the restaurants whose areas touch its cells of the map; else of all. */
export function cuisineKeys(point: GeoPoint | null): string[] {
  return point === null ? keysEverywhere([]) : keysDeliveringTo(point, []);
}

/** Cuisines in use under one of the keys, the most frequent first. Their page is kept until a restaurant under a key comes or turns. */
export function listCuisines(keys: readonly string[]): Promise<CuisineCount[]> {
  return keys.join() === keysEverywhere([]).join() ? countEverywhere() : countAmong(keys);
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
