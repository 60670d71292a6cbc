import { distance } from 'fastest-levenshtein';

/** Shorter words have too many neighbours to guess. */
const MIN_LETTERS = 4;
/** From so many letters on two mistakes are forgiven, such as two letters that changed places. */
const LETTERS_FOR_TWO = 5;

/**
 * The word and what is left of it without one letter. Two words whose lists meet are at most two changes apart, and whatever is one
 * change apart does meet: so a misspelt word is found by equality on an index.
 */
export function deletesOf(word: string): string[] {
  const letters = Array.from(word);
  const shorter = letters.map((_, index) => letters.toSpliced(index, 1).join(''));
  return [...new Set([word, ...(letters.length > 1 ? shorter : [])])];
}

export function isGuessable(word: string): boolean {
  return Array.from(word).length >= MIN_LETTERS;
}

/** How many letters were mistyped, or null when it is another word. */
export function typosBetween(typed: string, word: string): number | null {
  const most = Array.from(typed).length >= LETTERS_FOR_TWO ? 2 : 1;
  const typos = distance(typed, word);
  return typos <= most ? typos : null;
}
