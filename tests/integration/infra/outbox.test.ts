import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { currentStore, metricsRegistry, runWithStore } from '../../../src/infra/observability/index.ts';
import { openQueue } from '../../../src/infra/queue/define-queue.ts';
import {
  appendOutbox,
  defineQueue,
  relayDueRows,
  startOutboxRelay,
  toCall,
  toJob,
  type SubscriptionTable,
} from '../../../src/infra/queue/index.ts';
import { hasEffect, recordEffect } from '../../../src/infra/queue/outbox.ts';
import { OutboxModel, type OutboxRow } from '../../../src/infra/queue/outbox.model.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { eventually } from '../../support/eventually.ts';

const RETRY_MS = 15_000;
const queue = defineQueue({
  name: 'outbox-test',
  attempts: 1,
  backoffMs: 1,
  jobs: { react: z.strictObject({ orderId: z.string() }) },
});
const reaction = (name: string) =>
  toJob(name, { queue, job: 'react', payload: (event) => ({ orderId: String(event['orderId']) }) });

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await openQueue(queue.name).obliterate({ force: true });
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function promise(event: string, count = 1): Promise<void> {
  const messages = Array.from({ length: count }, (_, index) => ({ event, payload: { orderId: `order-${index}` } }));
  await withTransaction((tx) => appendOutbox(tx, messages));
}

async function onlyRow(): Promise<OutboxRow> {
  const rows = await OutboxModel.find().lean<OutboxRow[]>();
  if (rows[0] === undefined || rows.length > 1) throw new Error(`${rows.length} rows`);
  return rows[0];
}

const jobIds = async () => (await openQueue(queue.name).getJobs()).map(({ id }) => id).toSorted();

describe('a promise', () => {
  it('dies with its transaction', async () => {
    const attempt = withTransaction(async (tx) => {
      await appendOutbox(tx, [{ event: 'test.placed', payload: {} }]);
      throw new Error('no');
    });
    await expect(attempt).rejects.toThrow('no');
    expect(await OutboxModel.countDocuments()).toBe(0);
  });

  it('carries the request that made it to relay and job', async () => {
    await runWithStore({ requestId: 'request-0001' }, () => promise('test.placed'));
    const seen: unknown[] = [];
    const spy = toCall('spy', () => seen.push(currentStore()?.requestId));
    await relayDueRows({ 'test.placed': [reaction('module.react'), spy] });
    const [job] = await openQueue(queue.name).getJobs();
    expect(seen).toEqual(['request-0001']);
    expect(job?.data).toMatchObject({ requestId: 'request-0001', payload: { orderId: 'order-0' } });
  });
});

describe('the relay', () => {
  it('dispatches each row once, however many relays run', async () => {
    await promise('test.placed', 40);
    const seen: unknown[] = [];
    const table: SubscriptionTable = { 'test.placed': [toCall('spy', ({ orderId }) => seen.push(orderId))] };
    const counts = await Promise.all([1, 2, 3].map(() => relayDueRows(table)));
    expect(counts.reduce((a, b) => a + b)).toBe(40);
    expect(new Set(seen).size).toBe(40);
    expect(seen).toHaveLength(40);
  });

  it('lets a slow order hold up no other, and keeps the rows of each in their order', async () => {
    const orders = ['slow', 'quick', 'slow', 'slow', 'quick'];
    const messages = orders.map((orderId, seq) => ({ event: 'test.placed', payload: { orderId, seq } }));
    await withTransaction((tx) => appendOutbox(tx, messages));
    const seen: unknown[] = [];
    const quickOnesAreThrough = Promise.withResolvers<undefined>();
    const spy = toCall('spy', async ({ orderId, seq }) => {
      if (orderId === 'slow') await quickOnesAreThrough.promise;
      seen.push(seq);
      if (seq === 4) quickOnesAreThrough.resolve(undefined);
    });
    expect(await relayDueRows({ 'test.placed': [spy] })).toBe(5);
    expect(seen).toEqual([1, 4, 0, 2, 3]);
  });

  it('is done with a row only when every subscriber has recorded its effect', async () => {
    await promise('test.placed');
    await relayDueRows({
      'test.placed': [reaction('module.first'), reaction('module.second'), toCall('spy', () => 0)],
    });
    const { _id } = await onlyRow();
    expect(await onlyRow()).toMatchObject({
      subscribers: ['module.first', 'module.second', 'spy'],
      doneBy: ['spy'],
      doneAt: null,
    });
    await recordEffect(_id, 'module.second');
    await recordEffect(_id, 'module.second');
    expect(await onlyRow()).toMatchObject({ doneAt: null });
    expect([await hasEffect(_id, 'module.second'), await hasEffect(_id, 'module.first')]).toEqual([true, false]);
    await recordEffect(_id, 'module.first');
    expect((await onlyRow()).doneAt).toBeInstanceOf(Date);
  });

  it('sends what is not recorded again, under the same job id, and what is recorded never', async () => {
    const table = { 'test.placed': [reaction('module.first'), reaction('module.second')] };
    await promise('test.placed');
    await relayDueRows(table);
    const ids = await jobIds();
    expect(ids).toHaveLength(2);
    await recordEffect((await onlyRow())._id, 'module.first');
    expect(await relayDueRows(table)).toBe(0);
    // As after a FLUSHALL.
    await openQueue(queue.name).obliterate({ force: true });
    setClock({ offsetMs: RETRY_MS + 1 });
    expect(await relayDueRows(table)).toBe(1);
    expect(await jobIds()).toEqual(ids.filter((id) => id?.endsWith('module-second')));
    // A second delivery while the job still lies there is no second job.
    setClock({ offsetMs: 2 * RETRY_MS + 2 });
    expect(await relayDueRows(table)).toBe(1);
    expect(await jobIds()).toHaveLength(1);
  });

  it('closes at once what nobody subscribed to', async () => {
    await promise('test.ignored');
    await relayDueRows({});
    expect(await onlyRow()).toMatchObject({ subscribers: [], doneAt: expect.any(Date) as unknown });
  });

  it('is not done with a row after the first effect when a crash came before its subscribers were named', async () => {
    await promise('test.placed');
    // What a relay leaves that was killed between claim and dispatch.
    await OutboxModel.updateOne({}, { $inc: { attempts: 1 } });
    await relayDueRows({ 'test.placed': [reaction('module.first'), reaction('module.second')] });
    await recordEffect((await onlyRow())._id, 'module.first');
    expect(await onlyRow()).toMatchObject({ doneAt: null });
  });

  it('goes on after a dispatch that failed, and tries that one again', async () => {
    await promise('test.placed');
    let isBroken = true;
    const socket = toCall('realtime', () => {
      if (isBroken) throw new Error('no adapter');
    });
    const table = { 'test.placed': [socket, reaction('module.react')] };
    await relayDueRows(table);
    expect(await onlyRow()).toMatchObject({ doneBy: [], doneAt: null });
    const { _id } = await onlyRow();
    expect(await jobIds()).toEqual([`${_id}-module-react`]);
    await recordEffect(_id, 'module.react');
    isBroken = false;
    setClock({ offsetMs: RETRY_MS + 1 });
    await relayDueRows(table);
    expect((await onlyRow()).doneAt).toBeInstanceOf(Date);
  });

  it('shows in the metrics how much is open and how late it was', async () => {
    await promise('test.placed', 3);
    setClock({ offsetMs: 3_000 });
    const lag = () => metricsRegistry.getSingleMetricAsString('quickbite_outbox_lag_seconds');
    const before = Number(/_bucket\{le="2"\} (\d+)/.exec(await lag())?.[1]);
    const countBefore = Number(/_count (\d+)/.exec(await lag())?.[1]);
    await relayDueRows({ 'test.placed': [reaction('module.react')] });
    expect(await metricsRegistry.getSingleMetricAsString('quickbite_outbox_pending')).toMatch(/_pending 3$/m);
    expect(Number(/_bucket\{le="2"\} (\d+)/.exec(await lag())?.[1])).toBe(before);
    expect(Number(/_count (\d+)/.exec(await lag())?.[1])).toBe(countBefore + 3);
  });
});

describe('a running relay', () => {
  it('is woken by the commit, long before it would sweep', async () => {
    const seen: unknown[] = [];
    await startOutboxRelay({ 'test.woken': [toCall('spy', ({ orderId }) => seen.push(orderId))] });
    await promise('test.woken', 2);
    await eventually(() => {
      expect(seen.toSorted()).toEqual(['order-0', 'order-1']);
    }, 5_000);
  });
});
