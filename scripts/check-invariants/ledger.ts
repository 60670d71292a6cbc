import type { mongo } from 'mongoose';
import { addMs } from '../../src/shared/clock.ts';
import type { DatabaseInvariant, Scope, Violation } from './types.ts';

/** The provider's list of a day is compared on the next. */
const RECONCILED_WITHIN_MS = 2 * 86_400_000;

/** The books as a whole. */
export const LEDGER_INVARIANTS: readonly DatabaseInvariant[] = [
  {
    name: 'posting-sums-to-zero',
    source: 'domain 5, bar I4',
    async *find({ db }) {
      const unbalanced = { $expr: { $ne: [{ $sum: '$lines.amountMinor' }, 0] } };
      for await (const { _id, kind } of db.collection('ledger_entries').find(unbalanced)) {
        yield { ids: { entry: String(_id) }, problem: `the lines of this ${String(kind)} do not sum to zero` };
      }
    },
  },
  {
    name: 'posted-once',
    source: 'bar I4',
    async *find({ db }) {
      const groups = db
        .collection('ledger_entries')
        .aggregate(
          [
            { $group: { _id: { kind: '$kind', sourceId: '$sourceId' }, count: { $sum: 1 } } },
            { $match: { count: { $gt: 1 } } },
          ],
          DISK,
        );
      for await (const { _id, count } of groups) {
        const { kind, sourceId } = _id as { kind: string; sourceId: string };
        yield { ids: { source: sourceId }, problem: `this ${kind} is posted ${String(count)} times` };
      }
    },
  },
  {
    name: 'clearing-returns-to-zero',
    source: 'bar I4',
    async *find({ db, at }) {
      const clearing = { 'lines.account': 'provider_clearing', kind: { $ne: 'provider_settled' } };
      const old = { ...clearing, createdAt: { $lt: addMs(at, -RECONCILED_WITHIN_MS) } };
      const unmatched = db
        .collection('ledger_entries')
        .aggregate(
          [
            { $match: old },
            { $set: { match: { $concat: ['$kind', '/', '$sourceId'] } } },
            { $lookup: { from: 'provider_matches', localField: 'match', foreignField: '_id', as: 'matches' } },
            { $match: { matches: { $size: 0 } } },
            { $project: { kind: 1, createdAt: 1 } },
          ],
          DISK,
        );
      for await (const { _id, kind } of unmatched) {
        yield {
          ids: { entry: String(_id) },
          problem: `this ${String(kind)} is older than two days, and the provider has not listed it`,
        };
      }
    },
  },
  {
    name: 'payables-equal-books',
    source: 'domain 5, bar I4',
    find: comparePayables,
  },
  {
    name: 'payout-equals-its-rows',
    source: 'domain 5, bar I4',
    async *find({ db }) {
      const wrong = db
        .collection('payouts')
        .aggregate(
          [
            { $lookup: { from: 'ledger_payables', localField: '_id', foreignField: 'payoutId', as: 'rows' } },
            { $set: { sum: { $sum: '$rows.amountMinor' } } },
            { $match: { $expr: { $ne: ['$sum', '$amountMinor'] } } },
            { $project: { amountMinor: 1, sum: 1 } },
          ],
          DISK,
        );
      for await (const { _id, amountMinor, sum } of wrong) {
        yield { ids: { payout: String(_id) }, problem: `it is ${String(amountMinor)}, its rows are ${String(sum)}` };
      }
    },
  },
];

const DISK = { allowDiskUse: true };
const OF_PEOPLE = ['restaurant', 'courier', 'courier_cash'];

/** Whom we owe what by the books, and by the rows that payouts collect. A payout settles rows, and makes none. */
async function* comparePayables({ db }: Scope): AsyncGenerator<Violation> {
  const of = { ownerId: '$ownerId', account: '$account', currency: '$currency' };
  const differing = db.collection('ledger_entries').aggregate<{ _id: Record<string, string>; sum: number }>(
    [
      { $match: { kind: { $ne: 'payout' } } },
      { $unwind: '$lines' },
      { $match: { 'lines.account': { $in: OF_PEOPLE } } },
      {
        $project: {
          ...{ ownerId: '$lines.ownerId', account: '$lines.account', currency: 1 },
          amountMinor: { $subtract: [0, '$lines.amountMinor'] },
        },
      },
      {
        $unionWith: {
          coll: 'ledger_payables',
          pipeline: [{ $set: { amountMinor: { $subtract: [0, '$amountMinor'] } } }] satisfies mongo.Document[],
        },
      },
      { $group: { _id: of, sum: { $sum: '$amountMinor' } } },
      { $match: { sum: { $ne: 0 } } },
    ],
    DISK,
  );
  for await (const { _id, sum } of differing) {
    yield {
      ids: { owner: String(_id['ownerId']) },
      problem: `${_id['account']} ${_id['currency']}: the books have ${sum} more than the rows for payouts`,
    };
  }
}
