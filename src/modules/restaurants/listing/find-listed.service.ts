import { now } from '../../../shared/clock.ts';
import { fromGeoJson, type GeoPoint } from '../../../shared/geo.ts';
import { deliversTo } from '../delivery-terms.ts';
import { keysDeliveringTo, keysEverywhere, wordKey } from '../list-keys.ts';
import { byIdsQuery, countByKeys, walkPopularQuery, wordsQuery, type FoundRow } from './find-listed.queries.ts';
import { toListedRows, type ListedRestaurant } from './to-listed.ts';

/** One word of a search: any of these beginnings of words will do. The one that was typed comes first. */
export type WordChoice = readonly string[];

/** As much of a restaurant as a search needs to rank it. */
export type FoundRestaurant = Pick<FoundRow, 'name' | 'cuisines' | 'popularity'> & { id: string };

/** A word that so few restaurants have is looked up by itself, wherever they are. */
const MAX_RARE = 500;
/** Of lists that no word makes short, so many of the most popular are looked at. */
const MAX_READ = 2_000;
const FIRST_BATCH = 20;

/**
 * Live restaurants with each of these words in their name or cuisines, the most popular first; with a point only those that deliver
 * there. The rarest of the words leads. Where all are frequent, the most popular that have the leading one are looked at, or that
 * deliver to the point.
 */
export async function findByWords(
  words: readonly WordChoice[],
  point: GeoPoint | null,
  limit: number,
): Promise<FoundRestaurant[]> {
  const leading = await rarestOf(words, MAX_RARE + 1, (choice, most) => countByKeys(choice.map(wordKey), most));
  if (leading.count === 0) return [];
  const isWordWalk = leading.count <= MAX_RARE || point === null;
  const keys = isWordWalk ? leading.choice.map(wordKey) : keysDeliveringTo(point, []);
  const found: FoundRestaurant[] = [];
  for await (const row of wordsQuery({ keys, mostRead: MAX_READ }, words)) {
    if (!isReached(row, point)) continue;
    found.push(toFound(row));
    if (found.length >= limit) break;
  }
  return found;
}

/** The word with the fewest finds, and how many; of words with more than can be told apart the longest. */
export async function rarestOf(
  words: readonly WordChoice[],
  most: number,
  count: (choice: WordChoice, most: number) => Promise<number>,
): Promise<{ choice: WordChoice; count: number }> {
  const longestFirst = words.toSorted((a, b) => (b[0]?.length ?? 0) - (a[0]?.length ?? 0));
  const counted = await Promise.all(longestFirst.map(async (choice) => ({ choice, count: await count(choice, most) })));
  return counted.reduce(
    (rarest, one) => (one.count < rarest.count ? one : rarest),
    counted[0] ?? { choice: [], count: 0 },
  );
}

/**
 * Live restaurants that deliver to the point, without one all of them, the most popular first, in batches that double. So many are
 * looked at that nobody misses the next one.
 */
export async function* inPopularOrder(point: GeoPoint | null): AsyncGenerator<FoundRestaurant[]> {
  const keys = point === null ? keysEverywhere([]) : keysDeliveringTo(point, []);
  let size = FIRST_BATCH;
  let batch: FoundRestaurant[] = [];
  for await (const row of walkPopularQuery({ keys, mostRead: MAX_READ })) {
    if (isReached(row, point)) batch.push(toFound(row));
    if (batch.length < size) continue;
    yield batch;
    batch = [];
    size *= 2;
  }
  if (batch.length > 0) yield batch;
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
  return rows.filter((row) => isReached(row, point)).map(toFound);
}

function toFound({ _id: id, name, cuisines, popularity }: FoundRow): FoundRestaurant {
  return { id, name, cuisines, popularity };
}

function isReached({ location, ...row }: FoundRow, point: GeoPoint | null): boolean {
  return point === null || deliversTo({ ...row, location: fromGeoJson(location) }, point);
}
