import { addMs } from '../../src/shared/clock.ts';
import type { DatabaseInvariant, Scope } from './types.ts';

/** The relay looks every few seconds, and jobs are tried again for some minutes; after that they are dead letters with an alarm. */
const PATIENCE_MS = 15 * 60_000;
/** Rows that are done leave after a week. */
const KEPT_MS = 6 * 86_400_000;

/** What was promised was done, once. */
export const OUTBOX_INVARIANTS: readonly DatabaseInvariant[] = [
  {
    name: 'promise-kept',
    source: 'domain 7, bar I8 and I11',
    async *find({ db, at, graceMs }) {
      const open = { doneAt: null, createdAt: { $lt: addMs(at, -Math.min(PATIENCE_MS, graceMs)) } };
      for await (const { _id, event, subscribers, doneBy } of db.collection('outbox').find(open)) {
        const missing = (subscribers as string[]).filter((name) => !(doneBy as string[]).includes(name));
        yield {
          ids: { outbox: String(_id) },
          problem: `${String(event)} waits for ${missing.length === 0 ? 'the relay' : missing.join(', ')}`,
        };
      }
    },
  },
  {
    name: 'done-by-all',
    source: 'bar I11',
    async *find({ db }) {
      const early = { doneAt: { $ne: null }, $expr: { $not: { $setIsSubset: ['$subscribers', '$doneBy'] } } };
      for await (const { _id, event } of db.collection('outbox').find(early)) {
        yield {
          ids: { outbox: String(_id) },
          problem: `${String(event)} is called done, and a subscriber has not done it`,
        };
      }
    },
  },
  {
    name: 'event-was-promised',
    source: 'bar I8',
    find: unpromisedEvents,
  },
  {
    name: 'mail-is-told-once',
    source: 'bar I8',
    async *find({ db, at, graceMs }) {
      const stuck = { status: { $in: ['sending', 'refused'] }, createdAt: { $lt: addMs(at, -graceMs) } };
      for await (const { _id, status } of db.collection('notifications').find(stuck)) {
        yield {
          ids: { notification: String(_id) },
          problem: `it is ${String(status)}, and nobody knows whether it went out`,
        };
      }
    },
  },
];

/**
 * Each event of an order's log has its outbox row, as long as those are kept. A log of which no event at all was ever promised is the
 * sample city's past, or older than that.
 */
async function* unpromisedEvents({ db, at }: Scope) {
  const since = addMs(at, -KEPT_MS);
  const orders = db.collection('outbox').aggregate<{ _id: string; seqs: number[] }>(
    [
      { $match: { createdAt: { $gte: since }, 'payload.seq': { $gt: 0 } } },
      { $group: { _id: '$payload.orderId', seqs: { $addToSet: '$payload.seq' } } },
      {
        $lookup: {
          from: 'order_events',
          ...{ localField: '_id', foreignField: 'orderId', as: 'events' },
          pipeline: [{ $match: { at: { $gte: since } } }, { $project: { seq: 1 } }],
        },
      },
      { $project: { seqs: { $setDifference: ['$events.seq', '$seqs'] } } },
      { $match: { seqs: { $ne: [] } } },
    ],
    { allowDiskUse: true },
  );
  for await (const { _id: order, seqs } of orders) {
    yield { ids: { order }, problem: `nobody was promised its events ${seqs.join(', ')}` };
  }
}
