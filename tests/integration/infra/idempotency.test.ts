import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { AppError } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { IdempotencyKeyModel } from '../../../src/infra/mongo/idempotency.ts';
import { runIdempotent, type IdempotentRequest, type Tx } from '../../../src/infra/mongo/index.ts';
import { metricsRegistry } from '../../../src/infra/observability/index.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

const effects = () => mongoose.connection.collection<{ _id: string }>('test_effects');

beforeAll(async () => {
  await bootstrap();
  await mongoose.connection.createCollection('test_effects').catch(() => undefined);
});
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

function requestOf(changes: Partial<IdempotentRequest> = {}): IdempotentRequest {
  return { key: newId(), operation: 'placeOrder', userId: newId(), bodyHash: 'body', ...changes };
}

/** One effect per execution, and an answer with what JSON makes of it. */
async function work(tx: Tx): Promise<object> {
  const _id = newId();
  await effects().insertOne({ _id }, { session: tx });
  return { id: _id, at: new Date('2026-11-20T12:00:00.000Z'), nothing: undefined, zero: -0 };
}

async function counted(result: string): Promise<number> {
  const metric = await metricsRegistry.getSingleMetric('quickbite_idempotency_requests_total')?.get();
  return metric?.values.find(({ labels }) => labels['result'] === result)?.value ?? 0;
}

describe('a request with a key', () => {
  it('sent twenty times at once is executed once; the others get its answer to the byte', async () => {
    const request = requestOf();
    const before = await counted('replay');
    const answers = await Promise.all(Array.from({ length: 20 }, () => runIdempotent(request, work)));
    expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
    expect(new Set(answers.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.answer).toMatchObject({ at: '2026-11-20T12:00:00.000Z' });
    expect(await effects().countDocuments()).toBe(1);
    expect(await counted('replay')).toBe(before + 19);
  });

  it('sent again later is not executed', async () => {
    const request = requestOf();
    const first = await runIdempotent(request, work);
    const again = vi.fn(work);
    const second = await runIdempotent(request, again);
    expect(again).not.toHaveBeenCalled();
    expect(second).toEqual({ answer: first.answer, isReplay: true });
    expect(JSON.stringify(second.answer)).toBe(JSON.stringify(first.answer));
  });

  it('sent again with another body is 422 and changes nothing', async () => {
    const request = requestOf();
    await runIdempotent(request, work);
    const other = runIdempotent({ ...request, bodyHash: 'other' }, work);
    await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused', status: 422 });
    expect(await effects().countDocuments()).toBe(1);
  });

  it.each(['userId', 'operation', 'key'] as const)('of another %s is a request of its own', async (part) => {
    const request = requestOf();
    await runIdempotent(request, work);
    expect(await runIdempotent({ ...request, [part]: newId() }, work)).toMatchObject({ isReplay: false });
    expect(await effects().countDocuments()).toBe(2);
  });

  it('that was refused stores nothing and may be tried again', async () => {
    const request = requestOf();
    const refused = runIdempotent(request, async (tx) => {
      await work(tx);
      throw new AppError('restaurant_unavailable', { details: { reason: 'closed', nextOpenAt: null } });
    });
    await expect(refused).rejects.toMatchObject({ code: 'restaurant_unavailable' });
    expect([await effects().countDocuments(), await IdempotencyKeyModel.countDocuments()]).toEqual([0, 0]);
    expect(await runIdempotent(request, work)).toMatchObject({ isReplay: false });
  });

  it("does not leave the client's key in the database", async () => {
    const request = requestOf({ key: 'canary-key' });
    await runIdempotent(request, work);
    expect(JSON.stringify(await IdempotencyKeyModel.find().lean())).not.toContain('canary-key');
  });
});
