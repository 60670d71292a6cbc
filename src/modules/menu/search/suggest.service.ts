import { completeWord, findByWords, findWordsOfLive, queryTokensOf } from '../../restaurants/index.ts';
import { findWordsOfDishes } from './search.queries.ts';

export interface Suggestion {
  text: string;
  kind: 'restaurant' | 'word';
  restaurantId: string | null;
}

/** Made once for every limit. */
const MAX_NAMES = 40;
const MAX_WORDS = 100;

/** Names of restaurants with such words, the most popular first, then ways to finish the word that is being typed. */
export async function suggest(q: string, limit: number): Promise<Suggestion[]> {
  const typed = queryTokensOf(q);
  if (typed.length === 0) return [];
  const { names, words } = await completionsOf(typed);
  const fewNames = names.slice(0, Math.max(Math.ceil(limit / 2), limit - words.length));
  return [...fewNames, ...words].slice(0, limit);
}

async function completionsOf(typed: readonly string[]): Promise<{ names: Suggestion[]; words: Suggestion[] }> {
  const before = typed.slice(0, -1);
  const [restaurants, completions] = await Promise.all([
    findByWords(
      typed.map((word) => [word]),
      null,
      MAX_NAMES,
    ),
    completeWord(typed.at(-1) ?? '', MAX_WORDS).then(inUse),
  ]);
  return {
    names: restaurants.map(({ id, name }) => ({ text: name, kind: 'restaurant', restaurantId: id })),
    words: completions.map((word) => ({ text: [...before, word].join(' '), kind: 'word', restaurantId: null })),
  };
}

/** What has left the last menu that had it is nobody's word any more. */
async function inUse(words: readonly string[]): Promise<string[]> {
  const [ofDishes, ofRestaurants] = await Promise.all([findWordsOfDishes(words), findWordsOfLive(words)]);
  return words.filter((word) => ofDishes.has(word) || ofRestaurants.includes(word));
}
