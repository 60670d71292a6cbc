import type { mongo } from 'mongoose';
import { addMs } from '../../src/shared/clock.ts';
import type { DatabaseInvariant, Violation } from './types.ts';

interface Reference {
  from: string;
  field: string;
  to: string;
  /** Only these rows. */
  where?: object;
}

/** What points at something that must be there. */
const REFERENCES: readonly Reference[] = [
  { from: 'payments', field: 'orderId', to: 'orders' },
  { from: 'deliveries', field: 'orderId', to: 'orders' },
  { from: 'refunds', field: 'paymentId', to: 'payments' },
  { from: 'offers', field: 'deliveryId', to: 'deliveries' },
  { from: 'amendments', field: 'orderId', to: 'orders' },
  { from: 'disputes', field: 'paymentId', to: 'payments' },
  { from: 'invoices', field: 'orderId', to: 'orders' },
  { from: 'reviews', field: 'orderId', to: 'orders' },
  { from: 'coupon_redemptions', field: '_id', to: 'orders' },
  { from: 'stock_claims', field: '_id', to: 'orders' },
  { from: 'orders', field: 'restaurantId', to: 'restaurants' },
  { from: 'ledger_payables', field: 'entryId', to: 'ledger_entries' },
];

export const REFERENCE_INVARIANTS: readonly DatabaseInvariant[] = [
  {
    name: 'nothing-dangles',
    source: 'bar I10',
    async *find({ db }) {
      for (const reference of REFERENCES) yield* dangling(db, reference);
      yield* logsWithoutOrder(db);
    },
  },
  {
    name: 'acknowledged-order-exists',
    source: 'bar I1',
    async *find({ db }) {
      yield* dangling(db, { from: 'quotes', field: 'orderId', to: 'orders', where: { orderId: { $type: 'string' } } });
    },
  },
  {
    name: 'one-order-per-quote',
    source: 'bar I2',
    async *find({ db }) {
      const twice = db
        .collection('orders')
        .aggregate<{ _id: string; count: number }>(
          [{ $group: { _id: '$quoteId', count: { $sum: 1 } } }, { $match: { count: { $gt: 1 } } }],
          { allowDiskUse: true },
        );
      for await (const { _id: quote, count } of twice) yield { ids: { quote }, problem: `it bought ${count} orders` };
    },
  },
  {
    name: 'attached-image-is-ready',
    source: 'bar I10',
    async *find({ db, at, graceMs }) {
      const lost = { status: 'ready', attachedTo: null, sweepAt: null, updatedAt: { $lt: addMs(at, -graceMs) } };
      for await (const { _id } of db.collection('images').find(lost)) {
        yield { ids: { image: String(_id) }, problem: 'is shown nowhere, and no sweep will look at it' };
      }
    },
  },
];

async function* dangling(db: mongo.Db, { from, field, to, where = {} }: Reference): AsyncGenerator<Violation> {
  const lookup = {
    from: to,
    localField: field,
    foreignField: '_id',
    as: 'target',
    pipeline: [{ $project: { _id: 1 } }],
  };
  const rows = db
    .collection(from)
    .aggregate([{ $match: where }, { $project: { [field]: 1 } }, { $lookup: lookup }, { $match: { target: [] } }]);
  for await (const row of rows) {
    yield { ids: { [from]: String(row['_id']) }, problem: `there are no ${to} ${String(row[field])}` };
  }
}

/** One key of the index per log instead of every event. */
async function* logsWithoutOrder(db: mongo.Db): AsyncGenerator<Violation> {
  const logs = db.collection('order_events').aggregate<{ _id: string }>(
    [
      { $sort: { orderId: 1, seq: 1 } },
      { $group: { _id: '$orderId', first: { $first: '$_id' } } },
      {
        $lookup: {
          from: 'orders',
          localField: '_id',
          foreignField: '_id',
          as: 'order',
          pipeline: [{ $project: { _id: 1 } }],
        },
      },
      { $match: { order: [] } },
    ],
    { allowDiskUse: true },
  );
  for await (const { _id: order } of logs) yield { ids: { order }, problem: 'a log without its order' };
}
