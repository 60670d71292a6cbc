import { createHash } from 'node:crypto';
import { Schema, model } from 'mongoose';
import { AppError, isAppError, isDuplicateKey } from '../../errors/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { counter } from '../observability/index.ts';
import { withTransaction, type Tx } from './with-transaction.ts';

const KEPT_SECONDS = 48 * 3600;

interface IdempotencyRow {
  /** Hash of user, operation and key, so that the unique `_id` is the guard. */
  _id: string;
  userId: string;
  operation: string;
  bodyHash: string;
  /** JSON text, so that a replay is equal to the byte. */
  answer: string;
  createdAt: Date;
}

const idempotencySchema = new Schema<IdempotencyRow>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    operation: { type: String, required: true },
    bodyHash: { type: String, required: true },
    answer: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'idempotency_keys', versionKey: false },
);
// Serves the clean-up of keys past their life.
idempotencySchema.index({ createdAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export const IdempotencyKeyModel = model('IdempotencyKey', idempotencySchema);

const requests = counter('quickbite_idempotency_requests_total', 'Requests with an Idempotency-Key', ['result']);

export interface IdempotentRequest {
  key: string;
  /** Same verb as the use case, so that `/api` and `/api/v1` share it. */
  operation: string;
  userId: string;
  /** Hash of parameters and body. */
  bodyHash: string;
}

export interface IdempotentAnswer<T> {
  answer: T;
  isReplay: boolean;
}

/**
 * Runs `work` once per user, operation and key: the key row, the stored answer and everything `work` writes commit together.
 * A duplicate that arrives meanwhile meets a write conflict, waits for the commit through the transaction's retries, and replays.
 * `T` must survive JSON.
 * @throws AppError `idempotency_key_reused` (other body), `idempotency_in_flight` (still running at the deadline)
 */
export async function runIdempotent<T extends object>(
  request: IdempotentRequest,
  work: (tx: Tx) => Promise<T>,
): Promise<IdempotentAnswer<T>> {
  const row = toRow(request);
  const claim = { isPending: false };
  try {
    const answer = await withTransaction(async (tx) => {
      claim.isPending = true;
      await claimKey(tx, { ...row, answer: '' });
      claim.isPending = false;
      return storeAnswer(tx, row._id, await work(tx));
    });
    requests.inc({ result: 'new' });
    // The same form on the first answer as on a replay.
    return { answer: JSON.parse(answer) as T, isReplay: false };
  } catch (error) {
    if (error instanceof KeyTaken) return replay<T>(row._id, request);
    // The deadline passed while the key row was locked: the first request still runs.
    if (claim.isPending && isAppError(error, 'service_unavailable')) throw inFlight(error);
    throw error;
  }
}

class KeyTaken extends Error {}

function toRow(request: IdempotentRequest): Omit<IdempotencyRow, 'answer'> {
  const { userId, operation, bodyHash } = request;
  return { _id: idempotencyHash(request), userId, operation, bodyHash, createdAt: now() };
}

/** One text per user, operation and key, for a unique index. */
export function idempotencyHash({ userId, operation, key }: Omit<IdempotentRequest, 'bodyHash'>): string {
  return createHash('sha256').update(`${userId}|${operation}|${key}`).digest('hex');
}

/** For a use case that keeps its key in a row of its own. */
export function countIdempotent(result: 'new' | 'replay' | 'conflict' | 'in_flight'): void {
  requests.inc({ result });
}

async function claimKey(tx: Tx, row: IdempotencyRow): Promise<void> {
  try {
    await IdempotencyKeyModel.collection.insertOne(row as never, { session: tx });
  } catch (error) {
    if (isDuplicateKey(error)) throw new KeyTaken();
    throw error;
  }
}

async function storeAnswer(tx: Tx, rowId: string, result: object): Promise<string> {
  const answer = JSON.stringify(result);
  await IdempotencyKeyModel.collection.updateOne({ _id: rowId as never }, { $set: { answer } }, { session: tx });
  return answer;
}

async function replay<T>(rowId: string, request: IdempotentRequest): Promise<IdempotentAnswer<T>> {
  const row = await IdempotencyKeyModel.findById(rowId).lean();
  if (row === null) throw inFlight(undefined);
  if (row.bodyHash !== request.bodyHash) {
    requests.inc({ result: 'conflict' });
    throw new AppError('idempotency_key_reused');
  }
  requests.inc({ result: 'replay' });
  return { answer: JSON.parse(row.answer) as T, isReplay: true };
}

function inFlight(cause: unknown): AppError {
  requests.inc({ result: 'in_flight' });
  return new AppError('idempotency_in_flight', { cause, retryAfterSeconds: 1 });
}

/** Takes away the answers to one person, and those to others that mention one of these ids. None is older than two days. */
export async function forgetAnswers({
  userId,
  mentions,
}: {
  userId: string;
  mentions: readonly string[];
}): Promise<void> {
  const own = { userId };
  const others = mentions.length === 0 ? [] : [{ answer: { $regex: mentions.join('|') } }];
  await IdempotencyKeyModel.collection.deleteMany({
    createdAt: { $gte: addMs(now(), -KEPT_SECONDS * 1000) },
    $or: [own, ...others],
  });
}
