import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { now } from '../../../shared/clock.ts';
import type { GeoPoint } from '../../../shared/geo.ts';
import { openCursor, sealCursor } from '../../../shared/pagination.ts';
import {
  findByWords,
  findSimilarWords,
  getListed,
  itemAvailabilityOf,
  queryTokensOf,
  type ListedRestaurant,
  type TextRange,
  type WordChoice,
} from '../../restaurants/index.ts';
import type { MenuItemRow } from '../menu-item.model.ts';
import { mealtimesOf } from '../menu-item-snapshot.ts';
import { findServedHours } from '../menu.service.ts';
import { findDishes } from './find-dishes.service.ts';
import { compareHits, highlightsFor, holdsAll, penaltyOf, type HitKey, type TypedWord } from './rank-hits.ts';
import { choicesQuery, type FoundDish } from './search.queries.ts';

export interface SearchInput {
  q: string;
  point: GeoPoint | null;
  limit: number;
  cursor: string | null;
}

interface Ranked {
  key: HitKey;
  restaurantId: string;
  /** Null: the restaurant itself was found. */
  dish: FoundDish | null;
}

export interface SearchHit {
  /** The restaurant that was found, or that has the dish. */
  listed: ListedRestaurant;
  dish: (FoundDish & { isAvailableNow: boolean }) | null;
  highlights: TextRange[];
}

/** So many are read and ranked; who finds more than that types another word. */
const MAX_RESTAURANTS = 100;
const MAX_DISHES = 300;

/**
 * Restaurants and dishes whose words begin as the typed ones or are nearly them, the best first: as typed before mistyped, whole
 * words before begun ones, then by popularity. With a point only what is delivered there. What is typed is compared, never run.
 * @throws AppError `validation_failed` for a cursor of another search
 */
export async function search(input: SearchInput): Promise<{ data: SearchHit[]; nextCursor: string | null }> {
  const after = input.cursor === null ? null : keyOf(input.cursor, input);
  const typed = queryTokensOf(input.q);
  if (typed.length === 0) return { data: [], nextCursor: null };
  const similar = await findSimilarWords(typed);
  const words = typed.map((word) => ({ typed: word, guesses: similar.get(word) ?? [] }));
  const rest = (await rankHits(words, input.point))
    .sort((a, b) => compareHits(a.key, b.key))
    .filter(({ key }) => holdsAll(key) && (after === null || compareHits(key, after) > 0));
  const shown = rest.slice(0, input.limit);
  const lastKey = rest.length > shown.length ? shown.at(-1)?.key : undefined;
  const nextCursor = lastKey === undefined ? null : sealCursor(lastKey, scopeOf(input), config.quotes.secret);
  return { data: await toHits(shown, words, input.point), nextCursor };
}

/** Only what ranks is read of those that match; what is shown, of the page alone. */
async function rankHits(words: readonly TypedWord[], point: GeoPoint | null): Promise<Ranked[]> {
  const [restaurants, dishes] = await Promise.all([
    asTypedFirst(words, MAX_RESTAURANTS, {
      find: (choices) => findByWords(choices, point, MAX_RESTAURANTS),
      idOf: ({ id }) => id,
    }),
    asTypedFirst(words, MAX_DISHES, {
      find: (choices) => findDishes(choices, point, MAX_DISHES),
      idOf: ({ dish }) => dish._id,
    }),
  ]);
  return [
    ...restaurants.map(({ id, name, cuisines, popularity }): Ranked => {
      const penalty = penaltyOf([name, ...cuisines].join(' '), words);
      return { key: [penalty, 0, -popularity, id], restaurantId: id, dish: null };
    }),
    ...dishes.map(({ dish, home }): Ranked => {
      const key: HitKey = [penaltyOf(dish.name, words), 1, -home.popularity, dish._id];
      return { key, restaurantId: home.id, dish };
    }),
  ];
}

interface Source<T> {
  find: (choices: readonly WordChoice[]) => Promise<T[]>;
  idOf: (found: T) => string;
}

/** What somebody may have meant never takes the place of what was typed. */
async function asTypedFirst<T>(words: readonly TypedWord[], limit: number, { find, idOf }: Source<T>): Promise<T[]> {
  const asTyped = await find(words.map(({ typed }) => [typed]));
  if (asTyped.length >= limit || words.every(({ guesses }) => guesses.length === 0)) return asTyped;
  const known = new Set(asTyped.map(idOf));
  const guessed = await find(words.map(({ typed, guesses }) => [typed, ...guesses.map(({ word }) => word)]));
  return [...asTyped, ...guessed.filter((one) => !known.has(idOf(one)))];
}

async function toHits(
  shown: readonly Ranked[],
  words: readonly TypedWord[],
  point: GeoPoint | null,
): Promise<SearchHit[]> {
  const at = now();
  const [listedById, served, choices] = await Promise.all([
    getListed([...new Set(shown.map(({ restaurantId }) => restaurantId))], point),
    findServedHours(shown.flatMap(({ dish }) => dish?.categoryId ?? [])),
    findChoices(shown.flatMap(({ dish }) => dish?._id ?? [])),
  ]);
  return shown.flatMap(({ restaurantId, dish }): SearchHit[] => {
    const listed = listedById.get(restaurantId);
    if (listed === undefined) return [];
    const highlights = highlightsFor((dish ?? listed.row).name, words);
    if (dish === null) return [{ listed, dish, highlights }];
    const mealtimes = mealtimesOf(dish, served.get(dish.categoryId));
    const { isAvailable } = itemAvailabilityOf(
      { ...dish, mealtimes, optionGroups: choices.get(dish._id) },
      { at, restaurant: listed.row },
    );
    return [{ listed, dish: { ...dish, isAvailableNow: isAvailable }, highlights }];
  });
}

async function findChoices(dishIds: readonly string[]): Promise<Map<string, MenuItemRow['optionGroups']>> {
  if (dishIds.length === 0) return new Map();
  return new Map((await choicesQuery(dishIds)).map(({ _id, optionGroups }) => [_id, optionGroups]));
}

function scopeOf({ q, point }: SearchInput): string {
  return JSON.stringify(['search', q, point?.lat, point?.lng]);
}

function keyOf(cursor: string, input: SearchInput): HitKey {
  const key = openCursor(cursor, scopeOf(input), config.quotes.secret);
  if (key !== null) return key as HitKey;
  const message = 'The cursor does not belong to this search.';
  throw new AppError('validation_failed', { details: [{ path: 'query.cursor', code: 'invalid_cursor', message }] });
}
