import { setTimeout as sleep } from 'node:timers/promises';
import mongoose, { mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { AppError } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { afterCommit, withTransaction, type Tx } from '../../../src/infra/mongo/index.ts';
import { drainDetached } from '../../../src/infra/lifecycle/detached.ts';
import { runWithStore } from '../../../src/infra/observability/index.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { eventually } from '../../support/eventually.ts';

// As in production. Before the configuration is read, which happens at the first import of src.
vi.hoisted(() => vi.stubEnv('TRANSACTION_DEADLINE_SECONDS', '4'));

interface Note {
  _id: string;
  count: number;
}

const notes = () => mongoose.connection.collection<Note>('test_notes');

beforeAll(async () => {
  await bootstrap();
  // Before the first transaction: one that creates its collection conflicts with every other.
  await mongoose.connection.createCollection('test_notes').catch(() => undefined);
});
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

function transientFault(): mongo.MongoServerError {
  return new mongo.MongoServerError({
    message: 'WriteConflict',
    code: 112,
    errorLabels: ['TransientTransactionError'],
  });
}

async function increment(tx: Tx): Promise<number> {
  const before = await notes().findOne({ _id: 'a' }, { session: tx });
  const count = (before?.count ?? 0) + 1;
  await notes().updateOne({ _id: 'a' }, { $set: { count } }, { upsert: true, session: tx });
  return count;
}

describe('a transaction', () => {
  it('that ends well is stored and answers what its work answers', async () => {
    expect(await withTransaction(increment)).toBe(1);
    expect(await notes().findOne()).toEqual({ _id: 'a', count: 1 });
  });

  it('that throws leaves nothing and throws the same', async () => {
    const refusal = new AppError('quote_used');
    const attempt = withTransaction(async (tx) => {
      await increment(tx);
      throw refusal;
    });
    await expect(attempt).rejects.toBe(refusal);
    expect(await notes().countDocuments()).toBe(0);
  });

  it('that meets another one on the same document starts again, so that no write is lost', async () => {
    await withTransaction(increment);
    const counts = await Promise.all(Array.from({ length: 8 }, () => withTransaction(increment)));
    expect(counts.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await notes().findOne()).toMatchObject({ count: 9 });
  });

  it('that cannot get through by its deadline is 503 with Retry-After, and leaves nothing', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
    const { promise: held, resolve: hold } = Promise.withResolvers<undefined>();
    const holder = withTransaction(async (tx) => {
      await increment(tx);
      hold(undefined);
      await released;
    });
    await held;
    // The driver alone would go on for two minutes, longer than this test may take.
    const blocked = withTransaction(increment, { deadlineMs: 200 });
    await expect(blocked).rejects.toMatchObject({ code: 'service_unavailable', retryAfterSeconds: 1 });
    release(undefined);
    await holder;
    expect(await notes().findOne()).toMatchObject({ count: 1 });
  });
});

describe('a transaction of a request', () => {
  const within = <T>(sinceMs: number, work: () => Promise<T>) =>
    runWithStore({ requestId: 'request-0001', startedAtMs: performance.now() - sinceMs }, work);

  it('whose last try hangs is refused before five seconds are over, and is not done later', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
    const ends: Promise<unknown>[] = [];
    const startedAt = performance.now();
    // The request is three seconds old when it comes here.
    const refused = within(3000, () =>
      withTransaction((tx) => {
        const end = increment(tx).then(() => released);
        ends.push(end);
        return end;
      }),
    );
    await expect(refused).rejects.toMatchObject({ code: 'service_unavailable', retryAfterSeconds: 1 });
    expect(performance.now() - startedAt).toBeLessThan(2000);
    release(undefined);
    await Promise.all(ends);
    await drainDetached();
    expect(await notes().countDocuments()).toBe(0);
  });

  it('that took its time before, with a long body, has all the time for its work', async () => {
    const slow = (tx: Tx) => sleep(1700).then(() => increment(tx));
    expect(await within(60_000, () => withTransaction(slow))).toBe(1);
  });

  it('of a job may be as long as it needs', async () => {
    const slow = runWithStore({ requestId: 'request-0002' }, () =>
      withTransaction(async (tx) => {
        await sleep(4700);
        return increment(tx);
      }),
    );
    expect(await slow).toBe(1);
  });
});

describe('what follows a commit', () => {
  it('sees it committed, and its failure harms nobody', async () => {
    const seen: unknown[] = [];
    const answer = await withTransaction(async (tx) => {
      const count = await increment(tx);
      afterCommit(tx, () => {
        throw new Error('a hook that fails');
      });
      afterCommit(tx, async () => {
        seen.push(await notes().findOne());
      });
      expect(await notes().findOne()).toBeNull();
      return count;
    });
    expect(answer).toBe(1);
    await eventually(() => {
      expect(seen).toEqual([{ _id: 'a', count: 1 }]);
    });
  });

  it('does not happen after an abort', async () => {
    const ran: string[] = [];
    const attempt = withTransaction((tx) => {
      afterCommit(tx, () => void ran.push('aborted'));
      return Promise.reject(new AppError('not_found'));
    });
    await expect(attempt).rejects.toThrow();
    // Hooks start in order: once a later one ran, the earlier would have.
    await withTransaction((tx) => {
      afterCommit(tx, () => void ran.push('committed'));
      return Promise.resolve();
    });
    await eventually(() => {
      expect(ran).toEqual(['committed']);
    });
  });

  it('happens once though the work ran twice', async () => {
    const ran: number[] = [];
    let attempts = 0;
    await withTransaction((tx) => {
      attempts += 1;
      const attempt = attempts;
      afterCommit(tx, () => void ran.push(attempt));
      return attempt === 1 ? Promise.reject(transientFault()) : Promise.resolve();
    });
    await eventually(() => {
      expect(ran).toEqual([2]);
    });
    expect(attempts).toBe(2);
  });

  it('needs a transaction of ours', async () => {
    const session = await mongoose.startSession();
    expect(() => {
      afterCommit(session, () => undefined);
    }).toThrow('withTransaction');
    await session.endSession();
  });
});
