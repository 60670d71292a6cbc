import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { courierCashBalance, postSale, postToLedger, type Posting } from '../../../src/modules/ledger/index.ts';
import { ledgerEntries, type LedgerEntry } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { payables } from '../../../src/modules/ledger/payable.model.ts';
import { config } from '../../../src/config/index.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

function post(posting: Posting): Promise<boolean> {
  return withTransaction((tx) => postToLedger(tx, posting));
}

function sale(changes: Partial<Posting> = {}): Posting {
  return {
    ...{ kind: 'sale', sourceId: newId(), currency: 'INR' },
    lines: [
      { account: 'customer', ownerId: newId(), amountMinor: 1_000 },
      { account: 'restaurant', ownerId: newId(), amountMinor: -900 },
      { account: 'platform_revenue', amountMinor: -100 },
    ],
    ...changes,
  };
}

function entriesOf(sourceId: string) {
  return ledgerEntries().find({ kind: 'sale', sourceId }, { comment: 'asked by a test' }).toArray();
}

function payablesOf(orderId: string) {
  return payables()
    .find({ orderId }, { comment: 'asked by a test', sort: { _id: 1 } })
    .toArray();
}

describe('postToLedger', () => {
  it('posts a source once, however often and however much at once', async () => {
    const posting = sale();
    const results = await Promise.all(Array.from({ length: 8 }, () => post(posting)));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await post(posting)).toBe(false);
    const entries = await entriesOf(posting.sourceId);
    expect(entries).toHaveLength(1);
    expect(await payables().countDocuments({ sourceId: posting.sourceId }, { comment: 'asked by a test' })).toBe(1);
  });

  it('refuses lines that do not sum to zero, and parts of a minor unit', async () => {
    const unbalanced = sale({ lines: [{ account: 'bank', amountMinor: 1 }] });
    await expect(post(unbalanced)).rejects.toThrow('sum to 1, not to zero');
    const broken = [0.5, -0.5].map((amountMinor) => ({ account: 'bank' as const, amountMinor }));
    await expect(post(sale({ lines: broken }))).rejects.toThrow(RangeError);
    expect(await entriesOf(unbalanced.sourceId)).toEqual([]);
  });

  it('refuses an earning of nobody', async () => {
    const lines = [5, -5].map((amountMinor) => ({ account: 'courier' as const, amountMinor }));
    await expect(post(sale({ lines }))).rejects.toThrow('needs its owner');
  });

  it('leaves nothing where the transaction breaks off', async () => {
    const posting = sale();
    const broken = withTransaction(async (tx) => {
      await postToLedger(tx, posting);
      throw new Error('broken off');
    });
    await expect(broken).rejects.toThrow('broken off');
    expect(await entriesOf(posting.sourceId)).toEqual([]);
  });

  it('cannot be changed or deleted through its model', async () => {
    const posting = sale();
    await post(posting);
    const model = mongoose.model<LedgerEntry>('LedgerEntry');
    const filter = { kind: 'sale' as const, sourceId: posting.sourceId };
    await expect(model.updateOne(filter, { $set: { currency: 'EUR' } })).rejects.toThrow('append-only');
    await expect(model.deleteMany(filter)).rejects.toThrow('append-only');
    const stored = await model.findOne(filter);
    stored?.set('currency', 'EUR');
    await expect(stored?.save()).rejects.toThrow('append-only');
    expect(await entriesOf(posting.sourceId)).toMatchObject([{ currency: 'INR' }]);
  });

  it('knows at once what cash of ours a courier carries', async () => {
    const courierId = newId();
    const cash = (amountMinor: number): Posting => ({
      ...{ kind: 'cash_collected', sourceId: newId(), currency: 'INR' },
      lines: [
        { account: 'courier_cash', ownerId: courierId, amountMinor },
        { account: 'customer', ownerId: newId(), amountMinor: -amountMinor },
      ],
    });
    expect(await courierCashBalance(courierId, 'INR')).toBe(0);
    await post(cash(700));
    await post(cash(50));
    await post({ ...cash(9), currency: 'EUR' });
    expect(await courierCashBalance(courierId, 'INR')).toBe(750);
  });
});

describe('postSale', () => {
  it('posts a delivered order once; what it earned is held until T11', async () => {
    const order = await createOrderIn('delivered', { commissionBasisPoints: 1_000 });
    await Promise.all([postSale(order._id), postSale(order._id), postSale(order._id)]);
    await postSale(order._id);
    const entries = await entriesOf(order._id);
    expect(entries.map(({ lines }) => lines)).toEqual([
      [
        { account: 'customer', ownerId: order.customerId, amountMinor: 11_200 },
        { account: 'restaurant', ownerId: order.ownerId, amountMinor: -5_700 },
        { account: 'platform_revenue', ownerId: null, amountMinor: -5_500 },
      ],
    ]);
    expect(await payablesOf(order._id)).toMatchObject([{ amountMinor: 5_700, status: 'held', party: 'restaurant' }]);

    const end = order.endedAt ?? now();
    const dueAt = addMs(end, config.money.payoutDelaySeconds * 1000);
    await fireDueTimers(addMs(dueAt, -1));
    expect(await payablesOf(order._id)).toMatchObject([{ status: 'held' }]);
    await fireDueTimers(dueAt);
    expect(await payablesOf(order._id)).toMatchObject([{ status: 'payable' }]);
  });

  it('holds what is disputed until the dispute is over', async () => {
    const order = await createOrderIn('delivered');
    await postSale(order._id);
    await OrderModel.updateOne({ _id: order._id }, { $set: { paymentStatus: 'disputed' } });
    const dueAt = addMs(order.endedAt ?? now(), config.money.payoutDelaySeconds * 1000);
    await fireDueTimers(dueAt);
    expect(await payablesOf(order._id)).toMatchObject([{ status: 'held' }]);
    await OrderModel.updateOne({ _id: order._id }, { $set: { paymentStatus: 'captured' } });
    await fireDueTimers(addMs(dueAt, 2 * 86_400_000));
    expect(await payablesOf(order._id)).toMatchObject([{ status: 'payable' }]);
  });

  it('posts the difference where a tip came later', async () => {
    const order = await createOrderIn('delivered');
    const courierId = newId();
    await OrderModel.updateOne({ _id: order._id }, { $set: { courierId, courierFeeMinor: 4_900 } });
    await postSale(order._id);
    const $inc = { amountDueMinor: 500, 'pricing.tipMinor': 500, 'pricing.totalMinor': 500, courierFeeMinor: 500 };
    await OrderModel.updateOne({ _id: order._id }, { $inc });
    await Promise.all([postSale(order._id), postSale(order._id)]);
    expect(await entriesOf(`${order._id}-1`)).toMatchObject([
      {
        lines: [
          { account: 'customer', ownerId: order.customerId, amountMinor: 500 },
          { account: 'courier', ownerId: courierId, amountMinor: -500 },
        ],
      },
    ]);
    expect(await entriesOf(`${order._id}-2`)).toEqual([]);
  });

  it.each(['rejected', 'expired', 'placed', 'cancelled'] as const)(
    'posts nothing of an order that is %s',
    async (status) => {
      const order = await createOrderIn(status);
      if (status !== 'placed') await OrderModel.updateOne({ _id: order._id }, { $set: { amountDueMinor: 0 } });
      await postSale(order._id);
      expect(await entriesOf(order._id)).toEqual([]);
    },
  );
});
