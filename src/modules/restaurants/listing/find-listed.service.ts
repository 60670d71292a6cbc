import { now } from '../../../shared/clock.ts';
import { fromGeoJson, type GeoPoint } from '../../../shared/geo.ts';
import { deliversTo } from '../delivery-terms.ts';
import { keysDeliveringTo, wordKey } from '../list-keys.ts';
import { byIdsQuery, wordsQuery, type FoundRow } from './find-listed.queries.ts';
import { toListedRows, type ListedRestaurant } from './to-listed.ts';

/** One word of a search: any of these beginnings of words will do. The one that was typed comes first. */
export type WordChoice = readonly string[];

/** As much of a restaurant as a search needs to rank it. */
export type FoundRestaurant = Pick<FoundRow, 'name' | 'cuisines' | 'popularity'> & { id: string };

/**
 * Live restaurants with each of these words in their name or cuisines, the most popular first; with a point only those that deliver
 * there.
 */
export async function findByWords(
  words: readonly WordChoice[],
  point: GeoPoint | null,
  limit: number,
): Promise<FoundRestaurant[]> {
  const leading = words.toSorted((a, b) => (b[0]?.length ?? 0) - (a[0]?.length ?? 0))[0] ?? [];
  const keys = point === null ? leading.map(wordKey) : keysDeliveringTo(point, []);
  return foundAt(await wordsQuery(keys, words, limit).toArray(), point);
}

/** The live ones among these, in any order; with a point only those that deliver there. */
export async function findByIds(restaurantIds: readonly string[], point: GeoPoint | null): Promise<FoundRestaurant[]> {
  if (restaurantIds.length === 0) return [];
  return foundAt(await byIdsQuery(restaurantIds, 'found').toArray(), point);
}

/** As a list shows them, by id; who has gone meanwhile is left out. */
export async function getListed(
  restaurantIds: readonly string[],
  point: GeoPoint | null,
): Promise<Map<string, ListedRestaurant>> {
  if (restaurantIds.length === 0) return new Map();
  const view = { at: now(), point, mode: null };
  const listed = await toListedRows(await byIdsQuery(restaurantIds, 'listed').toArray(), view);
  return new Map(listed.map((one) => [one.row._id, one]));
}

function foundAt(rows: readonly FoundRow[], point: GeoPoint | null): FoundRestaurant[] {
  const reachable = point === null ? rows : rows.filter(({ location, ...row }) => deliversTo({ ...row, location: fromGeoJson(location) }, point));
  return reachable.map(({ _id: id, name, cuisines, popularity }) => ({ id, name, cuisines, popularity }));
}
