import mongoose, { type ClientSession } from 'mongoose';
import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { runDetached } from '../lifecycle/detached.ts';

/** The open transaction; every write of a use case takes it. */
export type Tx = ClientSession;

type Hook = () => void | Promise<void>;
const commitHooks = new WeakMap<Tx, Hook[]>();

class DeadlinePassed extends Error {}

/**
 * Runs `work` in one transaction (majority, snapshot) and retries transient conflicts until the deadline.
 * `work` has no effect outside the database: what must follow the commit goes through `afterCommit` or the outbox.
 * @throws AppError `service_unavailable` when the deadline passes; whatever `work` throws, after the abort.
 */
export async function withTransaction<T>(
  work: (tx: Tx) => Promise<T>,
  options: { deadlineMs?: number } = {},
): Promise<T> {
  const deadlineMs = options.deadlineMs ?? config.mongo.transactionDeadlineMs;
  const startedAt = performance.now();
  const session = await mongoose.startSession();
  try {
    const result = await session.withTransaction(
      async () => {
        // The driver alone would retry for two minutes.
        if (performance.now() - startedAt > deadlineMs) throw new DeadlinePassed();
        commitHooks.set(session, []);
        return work(session);
      },
      {
        readConcern: { level: 'snapshot' },
        writeConcern: { w: 'majority', journal: true },
        maxCommitTimeMS: deadlineMs,
      },
    );
    for (const hook of commitHooks.get(session) ?? []) runDetached('after-commit', hook);
    return result;
  } catch (error) {
    if (!isDeadline(error)) throw error;
    throw new AppError('service_unavailable', { cause: error, retryAfterSeconds: 1 });
  } finally {
    await session.endSession();
  }
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
