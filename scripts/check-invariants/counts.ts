import { usesCouponUp } from '../../src/modules/orders/coupon.policy.ts';
import { discountOf } from '../../src/modules/pricing/breakdown.ts';
import { addMs } from '../../src/shared/clock.ts';
import type { DatabaseInvariant, OrderCase, OrderInvariant } from './types.ts';

const SOLD_OUT = 'item_sold_out';
/** Rows of slots leave a week after them, one by one. */
const SLOTS_KEPT_MS = 6 * 86_400_000;

/** What is counted: coupons, slots, dishes. */
export const COUNT_ORDER_INVARIANTS: readonly OrderInvariant[] = [
  {
    name: 'coupon-of-order-is-claimed',
    source: 'domain 8, bar I7',
    judge({ order, redemption }) {
      if (order.coupon === null) return redemption === null ? [] : ['a coupon was redeemed that it does not have'];
      if (redemption === null) return [`its coupon ${order.coupon.code} was never claimed`];
      return redemption.discountMinor === discountOf(order.pricing) && redemption.couponId === order.coupon.couponId
        ? []
        : ['its coupon was claimed for another discount'];
    },
  },
  {
    name: 'end-before-kitchen-gives-back',
    source: 'domain 8, bar I7',
    judge({ order, stockClaim }, { at, graceMs }) {
      const isFree = order.endedAt !== null && order.readyEta === null && addMs(order.endedAt, graceMs) <= at;
      if (!isFree) return [];
      return [...(isStockKept({ order, stockClaim }) ? ['its dishes were not counted back'] : [])];
    },
  },
  {
    name: 'coupon-goes-by-who-is-to-blame',
    source: 'domain 8, bar I7, docs/money.md',
    judge({ order, redemption }, { at, graceMs }) {
      if (redemption === null || order.endedAt === null || addMs(order.endedAt, graceMs) > at) return [];
      const isKept = redemption.releasedAt === null;
      if (usesCouponUp(order) === isKept) return [];
      return [isKept ? 'its coupon was not given back' : 'its coupon was given back, and is used up'];
    },
  },
];

function isStockKept({ order, stockClaim }: Pick<OrderCase, 'order' | 'stockClaim'>): boolean {
  return stockClaim !== null && stockClaim.returnedAt === null && order.reason !== SOLD_OUT;
}

export const COUNT_INVARIANTS: readonly DatabaseInvariant[] = [
  {
    name: 'coupon-uses-equal-redemptions',
    source: 'domain 8, bar I7',
    async *find({ db }) {
      const wrong = db.collection('coupons').aggregate<{ _id: string; code: string; uses: number; count: number }>(
        [
          // Grouped on the way: a coupon may have been used a hundred thousand times.
          {
            $lookup: {
              from: 'coupon_redemptions',
              ...{ localField: '_id', foreignField: 'couponId', as: 'sums' },
              pipeline: [
                { $match: { releasedAt: null } },
                { $group: { _id: null, count: { $sum: 1 }, spent: { $sum: '$discountMinor' } } },
              ],
            },
          },
          {
            $set: {
              count: { $ifNull: [{ $first: '$sums.count' }, 0] },
              spent: { $ifNull: [{ $first: '$sums.spent' }, 0] },
            },
          },
          { $match: { $expr: { $or: [{ $ne: ['$count', '$uses'] }, { $ne: ['$spent', '$spentMinor'] }] } } },
        ],
        { allowDiskUse: true },
      );
      for await (const { _id: coupon, code, uses, count } of wrong) {
        yield {
          ids: { coupon },
          problem: `${code} was used ${uses} times by its count, ${count} times by its redemptions`,
        };
      }
    },
  },
  {
    name: 'coupon-within-limits',
    source: 'domain 8, bar I7',
    async *find({ db }) {
      const beyond = (count: string, limit: string) => ({ $and: [{ $ne: [limit, null] }, { $gt: [count, limit] }] });
      const over = { $expr: { $or: [beyond('$uses', '$totalLimit'), beyond('$spentMinor', '$budgetMinor')] } };
      for await (const { _id, code, uses, totalLimit } of db.collection('coupons').find(over)) {
        yield {
          ids: { coupon: String(_id) },
          problem: `${String(code)} was used ${String(uses)} times, its limit is ${String(totalLimit)}, or its budget is passed`,
        };
      }
    },
  },
  {
    name: 'coupon-uses-per-customer',
    source: 'domain 8, bar I7',
    async *find({ db }) {
      const counted = db
        .collection('coupon_redemptions')
        .aggregate<{ _id: string; sum: number }>(
          [
            { $match: { releasedAt: null } },
            { $group: { _id: { $concat: ['$couponId', '-', '$customerId'] }, sum: { $sum: 1 } } },
            { $unionWith: { coll: 'coupon_users', pipeline: [{ $project: { sum: { $subtract: [0, '$uses'] } } }] } },
            { $group: { _id: '$_id', sum: { $sum: '$sum' } } },
            { $match: { sum: { $ne: 0 } } },
          ],
          { allowDiskUse: true },
        );
      for await (const { _id, sum } of counted) {
        yield { ids: { couponUser: _id }, problem: `${sum} redemptions more than its count of uses says` };
      }
    },
  },
  {
    name: 'slot-equals-claims',
    source: 'domain 8, bar I7',
    async *find({ db, at }) {
      const recent = { startAt: { $gt: addMs(at, -SLOTS_KEPT_MS) } };
      const differing = db.collection('kitchen_slots').aggregate<{ _id: string; sum: number }>(
        [
          { $match: recent },
          { $project: { sum: '$taken' } },
          {
            $unionWith: {
              coll: 'kitchen_claims',
              pipeline: [
                { $match: { ...recent, releasedAt: null } },
                { $project: { _id: '$slotId', sum: { $literal: -1 } } },
              ],
            },
          },
          { $group: { _id: '$_id', sum: { $sum: '$sum' } } },
          { $match: { sum: { $ne: 0 } } },
        ],
        { allowDiskUse: true },
      );
      for await (const { _id: slot, sum } of differing) {
        yield { ids: { slot }, problem: `${sum} more places are taken than orders hold` };
      }
    },
  },
  {
    name: 'nothing-below-zero',
    source: 'domain 8, bar I7',
    async *find({ db }) {
      const counts = { menu_items: 'stock', kitchen_slots: 'taken', coupons: 'uses', coupon_users: 'uses' };
      for (const [name, field] of Object.entries(counts)) {
        for await (const row of db.collection(name).find({ [field]: { $lt: 0 } })) {
          yield { ids: { [name]: String(row._id) }, problem: `${field} is ${String(row[field])}` };
        }
      }
    },
  },
];
