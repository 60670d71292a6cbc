import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInvariants, DATABASE_INVARIANTS, ORDER_INVARIANTS } from '../../../scripts/check-invariants/index.ts';
import type { BookReport } from '../../../scripts/local-cloud/control-client.ts';
import { seedCity, seedHistory } from '../../../scripts/sample-city/index.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { now, secondsFromNow } from '../../../src/shared/clock.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import type { Plant, Planted, Row } from './plant.ts';
import { PLANTED } from './planted.ts';

beforeAll(async () => {
  await bootstrap();
  await seedCity({ profile: 'tiny' });
  await seedHistory({ profile: 'tiny' });
}, 120_000);
afterAll(async () => {
  await emptyCollections();
  await shutdown('test');
});

const collection = (name: string) => mongoose.connection.collection<Row>(name);

async function brokenNames(): Promise<string[]> {
  const { results } = await checkInvariants({ uri: config.mongo.uri, isAtRest: true });
  return results.filter(({ violations }) => violations > 0).map(({ name }) => name);
}

async function find(filter: object): Promise<Row> {
  const row = await collection('orders').findOne(filter, { sort: { _id: 1 } });
  if (row === null) throw new Error('the city has no such order');
  return row;
}

type Undo = () => Promise<unknown>;

/** Makes one change. @returns what takes it back */
async function plant({ in: where, filter = {}, set = {}, insert }: Plant): Promise<Undo> {
  if (insert !== undefined) {
    await collection(where).insertOne(insert);
    return () => collection(where).deleteOne({ _id: insert._id });
  }
  const before = await collection(where).findOne(filter);
  if (before === null) throw new Error(`nothing of ${where} to break`);
  await collection(where).updateOne({ _id: before._id }, set);
  return () => collection(where).replaceOne({ _id: before._id }, before);
}

async function dropIndex({ in: where, key }: NonNullable<Planted['withoutIndex']>): Promise<Undo> {
  await collection(where).dropIndex(Object.entries(key).flat().join('_'));
  return () => collection(where).createIndexes([{ key, unique: true }]);
}

async function brokenBy(perIntent: BookReport['perIntent']): Promise<string[]> {
  const book = { perIntent } as BookReport;
  const scope = { db: database(), at: now(), graceMs: 0, book };
  const broken = new Set<string>();
  for (const { name, find: search } of DATABASE_INVARIANTS.filter(({ needsBook }) => needsBook === true)) {
    for await (const _violation of search(scope)) broken.add(name);
  }
  return [...broken];
}

function database(): mongoose.mongo.Db {
  const { db } = mongoose.connection;
  if (db === undefined) throw new Error('not connected');
  return db;
}

describe('checkInvariants', () => {
  it('over the past of the sample city: finds nothing', async () => {
    expect(await brokenNames()).toEqual([]);
  });

  it('has a planted violation for each invariant that a database alone shows', () => {
    const all = [...ORDER_INVARIANTS, ...DATABASE_INVARIANTS.filter(({ needsBook }) => needsBook !== true)];
    expect(Object.keys(PLANTED).sort()).toEqual(all.map(({ name }) => name).sort());
  });

  it.each(Object.entries(PLANTED))('%s: is found where it is broken', async (name, planted) => {
    const order = await find({ status: 'delivered' });
    const refused = await find({ readyEta: null, reason: { $ne: 'item_sold_out' } });
    const undo: Undo[] = [];
    try {
      if (planted.withoutIndex !== undefined) undo.push(await dropIndex(planted.withoutIndex));
      const given = { order, refused, now: now(), past: secondsFromNow(-864_000) };
      for (const one of planted.plants(given)) undo.push(await plant(one));
      const { alsoBreaks = [] } = planted;
      const broken = await brokenNames();
      expect(broken).toContain(name);
      expect(broken.filter((found) => found !== name && !alsoBreaks.includes(found))).toEqual([]);
    } finally {
      for (const step of undo.reverse()) await step();
    }
  });

  it('with the book of the provider: compares what it executed with what we say', async () => {
    const order = await find({ status: 'delivered' });
    const payment = await collection('payments').findOne({ orderId: order._id });
    if (payment === null) throw new Error('it has no payment');
    const captured = Number(payment['amountCapturedMinor']);
    const refunded = Number(payment['amountRefundedMinor']);
    const intent = {
      status: 'succeeded' as const,
      ...{ id: String(payment['intentId']), amount: captured, currency: 'inr' },
      ...{ metadata: { orderId: order._id }, authorized: captured, released: 0, disputed: 0, refundCount: 0 },
      ...{ captured, refunded, captureCount: 1 },
    };
    expect(await brokenBy([intent])).toEqual([]);
    expect(await brokenBy([{ ...intent, captured: captured - 1 }])).toEqual(['provider-book-equals-ours']);
    expect(await brokenBy([{ ...intent, refunded: refunded + 5 }])).toEqual(['provider-book-equals-ours']);
    expect(await brokenBy([{ ...intent, captureCount: 2 }])).toEqual(['one-capture-per-order']);
    const stray = { ...intent, id: 'pi_of_nobody', metadata: {}, refunded: 0, disputed: 0 };
    expect(await brokenBy([intent, stray])).toEqual(['provider-book-equals-ours']);
    expect(await brokenBy([intent, { ...stray, refunded: captured }])).toEqual([]);
  });

  it('after all of them were taken back: finds nothing', async () => {
    expect(await brokenNames()).toEqual([]);
  });
});
