/**
 * Search by prefix without a regular expression: a restaurant stores every prefix of every word of its name and cuisines,
 * so that a word of the query is one equality on a multikey index and results come out in index order.
 */
const MAX_PREFIX_LENGTH = 20;
const MAX_STORED_TOKENS = 300;
const MAX_QUERY_WORDS = 6;

/** A pictograph is a word of its own: names carry them, and people paste them. */
const WORD = /[\p{L}\p{M}\p{N}]+|\p{Extended_Pictographic}/gu;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Lower case, without Latin accents. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]+/gu, '')
    .toLowerCase()
    .replaceAll('ς', 'σ');
}

/** Letters, marks and digits of any script make words. */
export function wordsOf(text: string): string[] {
  return [...new Set(fold(text).match(WORD) ?? [])];
}

/** A part of a text as JavaScript counts: UTF-16 units, `end` exclusive. */
export interface TextRange {
  start: number;
  end: number;
}

/**
 * Where the text has words that begin with one of these beginnings, or are one of these words: over the text as it is, never
 * cutting what the eye takes for one letter, in order and without touching each other.
 */
export function highlightsOf(
  text: string,
  found: { beginnings: readonly string[]; words: readonly string[] },
): TextRange[] {
  const { folded, origins } = foldWithOrigins(text);
  const ranges = [...folded.matchAll(WORD)].flatMap(({ 0: word, index }) => {
    const length = matchLength(word, found);
    const first = origins[index];
    const last = origins[index + length - 1];
    return length === 0 || first === undefined || last === undefined ? [] : [{ start: first.start, end: last.end }];
  });
  return joinTouching(ranges);
}

function matchLength(word: string, { beginnings, words }: { beginnings: readonly string[]; words: readonly string[] }) {
  if (words.includes(word)) return word.length;
  return Math.max(0, ...beginnings.filter((one) => word.startsWith(one)).map(({ length }) => length));
}

/** The folded text, and for each of its units the letter of the text that it was. */
function foldWithOrigins(text: string): { folded: string; origins: TextRange[] } {
  let folded = '';
  const origins: TextRange[] = [];
  for (const { segment, index } of lettersOf(text)) {
    const part = fold(segment);
    const origin = { start: index, end: index + segment.length };
    origins.push(...Array.from({ length: part.length }, () => origin));
    folded += part;
  }
  return { folded, origins };
}

/** What the eye takes for one letter. Plain text is told by its units, thirty times as fast. */
function lettersOf(text: string): Iterable<{ segment: string; index: number }> {
  // eslint-disable-next-line no-control-regex -- this is what plain means
  if (/^[\x00-\x7f]*$/.test(text)) return Array.from(text, (segment, index) => ({ segment, index }));
  return segmenter.segment(text);
}

function joinTouching(ranges: readonly TextRange[]): TextRange[] {
  const joined: TextRange[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && range.start < last.end)
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    else joined.push(range);
  }
  return joined;
}

export function searchTokensOf(source: { name: string; cuisines: readonly string[] }): string[] {
  return beginningsOf([source.name, ...source.cuisines].join(' '));
}

/** Every beginning of every word. */
export function beginningsOf(text: string): string[] {
  const words = wordsOf(text);
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
