import mongoose, { type ClientSession } from 'mongoose';
import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { runDetached } from '../lifecycle/detached.ts';
import { currentStore } from '../observability/request-store.ts';

/** The open transaction; every write of a use case takes it. */
export type Tx = ClientSession;

type Hook = () => void | Promise<void>;
const commitHooks = new WeakMap<Tx, Hook[]>();

class DeadlinePassed extends Error {}

/** From the deadline of a request, after which no try begins, to its answer: what the last try has. */
const LAST_TRY_MS = 500;
/** However long the request took before. */
const LEAST_MS = 1000;

/**
 * Runs `work` in one transaction (majority, snapshot) and retries transient conflicts until the deadline, which counts from the begin of
 * the HTTP request if there is one: its refusal must leave before five seconds are over, so that its last try is given up, too.
 * `work` has no effect outside the database: what must follow the commit goes through `afterCommit` or the outbox.
 * @throws AppError `service_unavailable` when the deadline passes, and then nothing was done; whatever `work` throws, after the abort.
 */
export async function withTransaction<T>(
  work: (tx: Tx) => Promise<T>,
  options: { deadlineMs?: number } = {},
): Promise<T> {
  const session = await mongoose.startSession();
  const limit = limitOf(options.deadlineMs);
  const tries = session.withTransaction(
    async () => {
      // The driver alone would retry for two minutes.
      limit.beginTry();
      commitHooks.set(session, []);
      const result = await work(session);
      limit.beginCommit();
      return result;
    },
    {
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority', journal: true },
      maxCommitTimeMS: limit.deadlineMs,
    },
  );
  const ended = tries.then(ignore, ignore).then(() => session.endSession());
  try {
    const result = await Promise.race([tries, limit.givenUp]);
    await ended;
    for (const hook of commitHooks.get(session) ?? []) runDetached('after-commit', hook);
    return result;
  } catch (error) {
    // What was given up still runs, to its abort.
    runDetached('end of a transaction', () => ended);
    if (!isDeadline(error)) throw error;
    throw new AppError('service_unavailable', { cause: error, retryAfterSeconds: 1 });
  } finally {
    limit.clear();
  }
}

function ignore(): void {
  // Told by the race.
}

/** Who is told that it took too long must not find it done later: a try is given up before its commit begins, or not at all. */
function limitOf(ownDeadlineMs: number | undefined) {
  const deadlineMs = ownDeadlineMs ?? config.mongo.transactionDeadlineMs;
  const begunAt = performance.now();
  const requestedAt = ownDeadlineMs === undefined ? currentStore()?.startedAtMs : undefined;
  // Behind a long body, and in what a request left behind it, there is no answer any more that could leave in time.
  const isOfRequest = requestedAt !== undefined && begunAt < requestedAt + deadlineMs + LAST_TRY_MS;
  const deadlineAt = isOfRequest
    ? Math.max(requestedAt + deadlineMs, begunAt + Math.min(LEAST_MS, deadlineMs))
    : begunAt + deadlineMs;
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  let state: 'trying' | 'committing' | 'given up' = 'trying';
  const giveUp = () => {
    if (state === 'committing') return;
    state = 'given up';
    reject(new DeadlinePassed());
  };
  // The work of jobs may be long.
  const timer = isOfRequest ? setTimeout(giveUp, deadlineAt + LAST_TRY_MS - begunAt) : undefined;
  return {
    ...{ deadlineMs, givenUp },
    beginTry: () => {
      if (state === 'given up' || performance.now() > deadlineAt) throw new DeadlinePassed();
      state = 'trying';
    },
    beginCommit: () => {
      if (state === 'given up') throw new DeadlinePassed();
      state = 'committing';
    },
    clear: () => {
      clearTimeout(timer);
    },
  };
}

/** Runs `hook` once the transaction is committed; forgotten when it aborts or is retried. */
export function afterCommit(tx: Tx, hook: Hook): void {
  const hooks = commitHooks.get(tx);
  if (hooks === undefined) throw new Error('afterCommit needs a transaction of withTransaction');
  hooks.push(hook);
}

function isDeadline(error: unknown): boolean {
  if (error instanceof DeadlinePassed) return true;
  return error instanceof mongoose.mongo.MongoError && error.hasErrorLabel('TransientTransactionError');
}
