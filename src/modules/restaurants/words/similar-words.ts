import { distance } from 'fastest-levenshtein';

/** Shorter words have too many neighbours to guess. */
const MIN_LETTERS = 4;
/** From so many letters on two mistakes are forgiven, such as two letters that changed places. */
const LETTERS_FOR_TWO = 5;

/** Of so many letters on, words are remembered without two of their letters as well: Margarita is two changes from Margherita. */
const LETTERS_FOR_TWO_DELETES = 8;

/**
 * The word and what is left of it without one letter, of a long one without two. What is one change apart from a word, and two from a
 * long one, has something in common with its list: so a misspelt word is found by equality on an index.
 */
export function deletesOf(word: string): string[] {
  const shorter = withoutOne(word);
  const isLong = Array.from(word).length >= LETTERS_FOR_TWO_DELETES;
  return [...new Set([word, ...shorter, ...(isLong ? shorter.flatMap(withoutOne) : [])])];
}

function withoutOne(word: string): string[] {
  const letters = Array.from(word);
  return letters.length > 1 ? letters.map((_, index) => letters.toSpliced(index, 1).join('')) : [];
}

export function isGuessable(word: string): boolean {
  return Array.from(word).length >= MIN_LETTERS;
}

/** How many letters were mistyped, or null when it is another word: so is a short one with another beginning, as ice for rice. */
export function typosBetween(typed: string, word: string): number | null {
  const most = Array.from(typed).length >= LETTERS_FOR_TWO ? 2 : 1;
  if (most === 1 && typed.codePointAt(0) !== word.codePointAt(0)) return null;
  const typos = distance(typed, word);
  return typos <= most ? typos : null;
}
