import type { mongo } from 'mongoose';
import { afterCommit, type Tx } from '../../../infra/mongo/index.ts';
import { now } from '../../../shared/clock.ts';
import { wordsOf } from '../search-tokens.ts';
import { deletesOf, isGuessable, typosBetween } from './similar-words.ts';
import { SearchWordModel, type SearchWordRow } from './search-word.model.ts';

const DUPLICATE_KEY = 11_000;
/** Longer ones are nobody's search. */
const MAX_LETTERS = 20;
const MAX_WORDS_PER_NAME = 40;
const MAX_CANDIDATES = 400;
const MAX_GUESSES = 8;
/** Sorts after every letter. */
const LAST = '\u{10ffff}';

export interface Guess {
  word: string;
  typos: number;
}

/**
 * Remembers the words of these names, which are public. Not part of anybody's transaction: two that bring the same new word would have
 * to wait for each other, and a word too many does no harm.
 */
export async function learnWords(names: readonly string[]): Promise<void> {
  const words = [...new Set(names.flatMap((name) => wordsOf(name).slice(0, MAX_WORDS_PER_NAME)))].filter(isLearnable);
  if (words.length === 0) return;
  const learnedAt = now();
  const writes = words.map((_id) => {
    const update = { $set: { learnedAt }, $setOnInsert: { deletes: deletesOf(_id) } };
    return { updateOne: { filter: { _id }, update, upsert: true } };
  });
  await collection().bulkWrite(writes, { ordered: false }).catch(ignoreKnown);
}

/** The same once the transaction is committed. Should the process end before, the daily sweep learns them (`sweepSearchWords`). */
export function learnWordsAfter(tx: Tx, names: readonly string[]): void {
  afterCommit(tx, () => learnWords(names));
}

/** Those that nobody has learned since, when everything public has been looked over meanwhile. */
export async function forgetWordsBefore(time: Date): Promise<void> {
  await collection().deleteMany({ learnedAt: { $not: { $gte: time } } }, { hint: { _id: 1 } });
}

/** Words that somebody may have meant who typed these, the likeliest first; without the typed ones themselves. */
export async function findSimilarWords(typed: readonly string[]): Promise<Map<string, Guess[]>> {
  const guessable = typed.filter((word) => isGuessable(word) && isLearnable(word));
  if (guessable.length === 0) return new Map();
  const candidates = await similarQuery(guessable).toArray();
  return new Map(guessable.map((word) => [word, guessesFor(word, candidates)]));
}

/** Words that begin so, in alphabetical order; some of them may have been taken from the menu since. */
export async function completeWord(beginning: string, limit: number): Promise<string[]> {
  const rows = await completionQuery(beginning, limit).toArray();
  return rows.map(({ _id }) => _id);
}

export function similarQuery(words: readonly string[]): mongo.FindCursor<SearchWordRow> {
  const deletes = [...new Set(words.flatMap(deletesOf))];
  return collection()
    .find({ deletes: { $in: deletes } }, { projection: { _id: 1 } })
    .limit(MAX_CANDIDATES)
    .hint({ deletes: 1 });
}

export function completionQuery(beginning: string, limit: number): mongo.FindCursor<SearchWordRow> {
  return collection()
    .find({ _id: { $gte: beginning, $lt: `${beginning}${LAST}` } }, { projection: { _id: 1 } })
    .sort({ _id: 1 })
    .limit(limit)
    .hint({ _id: 1 });
}

function guessesFor(typed: string, candidates: readonly SearchWordRow[]): Guess[] {
  return candidates
    .flatMap(({ _id: word }) => {
      const typos = word === typed ? null : typosBetween(typed, word);
      return typos === null ? [] : [{ word, typos }];
    })
    .sort((a, b) => (a.typos === b.typos ? (a.word < b.word ? -1 : 1) : a.typos - b.typos))
    .slice(0, MAX_GUESSES);
}

function isLearnable(word: string): boolean {
  return Array.from(word).length <= MAX_LETTERS;
}

/** Somebody else has learned them meanwhile. */
function ignoreKnown(error: unknown): void {
  if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
}

function collection(): mongo.Collection<SearchWordRow> {
  return SearchWordModel.collection as unknown as mongo.Collection<SearchWordRow>;
}
