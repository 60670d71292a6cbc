import { highlightsOf, wordsOf, type Guess, type TextRange } from '../../restaurants/index.ts';

/** What was typed, word by word, with what may have been meant. */
export interface TypedWord {
  typed: string;
  guesses: readonly Guess[];
}

/** Lower is better: mistyped letters before words that are only begun. */
export type HitKey = [penalty: number, kind: number, popularity: number, id: string];

const PER_TYPO = 10;

/** A text of more words tells a story, and any word is in it. */
const TITLE_WORDS = 12;
/** More than any number of mistyped letters comes to. */
const MISSING = 1_000;

/** How badly a text, known to begin with each of the words in some way, holds them. */
export function penaltyOf(text: string, words: readonly TypedWord[]): number {
  const held = wordsOf(text);
  const forStory = held.length > TITLE_WORDS ? 1 : 0;
  return words.reduce((sum, word) => sum + penaltyOfWord(held, word), forStory);
}

/** The index finds a guess by its beginning, too, and iced is nobody's ice. */
export function holdsAll([penalty]: HitKey): boolean {
  return penalty < MISSING;
}

/** Where it holds them: as typed, else as the likeliest guess. */
export function highlightsFor(text: string, words: readonly TypedWord[]): TextRange[] {
  const held = wordsOf(text);
  const asTyped = words.filter(({ typed }) => held.some((word) => word.startsWith(typed)));
  const guessed = words
    .filter((word) => !asTyped.includes(word))
    .flatMap(({ guesses }) => guesses.find(({ word }) => held.includes(word))?.word ?? []);
  return highlightsOf(text, { beginnings: asTyped.map(({ typed }) => typed), words: guessed });
}

function penaltyOfWord(held: readonly string[], { typed, guesses }: TypedWord): number {
  if (held.includes(typed)) return 0;
  if (held.some((word) => word.startsWith(typed))) return 1;
  const guessed = guesses.find(({ word }) => held.includes(word));
  return guessed === undefined ? MISSING : guessed.typos * PER_TYPO;
}

/** The better first; the more popular of equals. */
export function compareHits(a: HitKey, b: HitKey): number {
  for (const [index, value] of a.entries()) {
    const other = b[index];
    if (other === undefined || value === other) continue;
    return value < other ? -1 : 1;
  }
  return 0;
}
