/**
 * Search by prefix without a regular expression: a restaurant stores every prefix of every word of its name and cuisines,
 * so that a word of the query is one equality on a multikey index and results come out in index order.
 */
const MAX_PREFIX_LENGTH = 20;
const MAX_STORED_TOKENS = 300;
const MAX_QUERY_WORDS = 6;

/** Lower case, without Latin accents; letters, marks and digits of any script make words. */
export function wordsOf(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]+/gu, '')
    .toLowerCase();
  // A pictograph is a word of its own: names carry them, and people paste them.
  return [...new Set(folded.match(/[\p{L}\p{M}\p{N}]+|\p{Extended_Pictographic}/gu) ?? [])];
}

export function searchTokensOf(source: { name: string; cuisines: readonly string[] }): string[] {
  const words = wordsOf([source.name, ...source.cuisines].join(' '));
  return [...new Set(words.flatMap(prefixesOf))].slice(0, MAX_STORED_TOKENS);
}

/** What must all be stored for the query to match. Empty: nothing searchable was typed. */
export function queryTokensOf(q: string): string[] {
  return wordsOf(q)
    .slice(0, MAX_QUERY_WORDS)
    .map((word) => Array.from(word).slice(0, MAX_PREFIX_LENGTH).join(''));
}

function prefixesOf(word: string): string[] {
  const letters = Array.from(word).slice(0, MAX_PREFIX_LENGTH);
  return letters.map((_, index) => letters.slice(0, index + 1).join(''));
}
