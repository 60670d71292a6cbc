import { timingSafeEqual } from 'node:crypto';
import { AppError } from '../../errors/index.ts';
import { deliveries, type DeliveryRecord } from './delivery.model.ts';

/** Guesses at one code; after that somebody must show a new one. */
export const MAX_TRIES = 5;

interface Guess {
  /** Whose delivery it must be, and in which status the code is asked for. */
  where: { _id: string } & Partial<Pick<DeliveryRecord, 'courierId' | 'status'>>;
  code: 'pin' | 'handoverCode';
  given: string;
}

type Verdict =
  | { isRight: true }
  | { isRight: false; triesLeft: number }
  /** Locked, or `where` does not hold (any more): nothing was compared. */
  | null;

const TRIES = { pin: 'pinTries', handoverCode: 'handoverTries' } as const;

/**
 * Compares a guess, having counted it first: one atomic increment per comparison, outside any transaction, so that neither an
 * abort nor fifty guesses at once give more than `MAX_TRIES`. A right guess gives its try back.
 */
export async function judgeGuess({ where, code, given }: Guess): Promise<Verdict> {
  const tries = TRIES[code];
  const counted = await deliveries().findOneAndUpdate(
    { ...where, [tries]: { $lt: MAX_TRIES } },
    { $inc: { [tries]: 1 } },
    { returnDocument: 'after' },
  );
  if (counted === null) return null;
  if (!isSameCode(counted[code], given)) return { isRight: false, triesLeft: MAX_TRIES - counted[tries] };
  await deliveries().updateOne({ ...where, [code]: given, [tries]: { $gt: 0 } }, { $inc: { [tries]: -1 } });
  return { isRight: true };
}

/** In constant time for codes of one length, which all are. */
export function isSameCode(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Of the courier who carries it, as long as the delivery stands where it was read. @throws AppError `handover_code_wrong`, `handover_code_locked` */
export async function assertHandoverCode({ _id, courierId, status }: DeliveryRecord, given: string): Promise<void> {
  const where = { _id, courierId, status };
  const verdict = await judgeGuess({ where, code: 'handoverCode', given });
  if (verdict === null) {
    const isStillAsked = await deliveries().findOne(where, { projection: { _id: 1 } });
    if (isStillAsked !== null) throw new AppError('handover_code_locked');
  } else if (!verdict.isRight) {
    throw new AppError('handover_code_wrong', { details: { attemptsLeft: verdict.triesLeft } });
  }
}
