import { describe, expect, it } from 'vitest';
import type { CouponRow } from '../../../src/modules/promotions/coupon.model.ts';
import { COUPON_REFUSALS, judgeCoupon, type CouponFacts } from '../../../src/modules/promotions/judge-coupon.ts';
import { addMs, dateFrom } from '../../../src/shared/clock.ts';
import { buildCoupon } from '../../factories/coupon.ts';

const AT = dateFrom('2026-11-20T12:30:00.000Z');

function facts(changes: Partial<CouponFacts> = {}): CouponFacts {
  return {
    at: AT,
    restaurantId: 'r1',
    currency: 'INR',
    lines: [
      { id: 'a', itemId: 'i1', categoryId: 'c1', subtotalMinor: 10_000 },
      { id: 'b', itemId: 'i2', categoryId: 'c2', subtotalMinor: 5_000 },
    ],
    deliveryFeeMinor: 2_500,
    hasOrdered: false,
    usesByCustomer: 0,
    ...changes,
  };
}

function coupon(changes: Partial<CouponRow> = {}): CouponRow {
  return buildCoupon({ startsAt: addMs(AT, -1000), endsAt: addMs(AT, 1000), ...changes });
}

/** One for each reason, in which nothing else is wrong. */
const REFUSALS: Record<string, [CouponRow | null, Partial<CouponFacts>]> = {
  unknown_code: [null, {}],
  inactive: [coupon({ isActive: false }), {}],
  not_started: [coupon({ startsAt: addMs(AT, 1) }), {}],
  expired: [coupon({ endsAt: AT }), {}],
  wrong_currency: [coupon({ currency: 'EUR' }), {}],
  wrong_restaurant: [coupon({ restaurantIds: ['r2'] }), {}],
  no_eligible_items: [coupon({ itemIds: ['i9'], categoryIds: ['c9'] }), {}],
  below_minimum: [coupon({ minimumSubtotalMinor: 15_001 }), {}],
  first_order_only: [coupon({ firstOrderOnly: true }), { hasOrdered: true }],
  used_up: [coupon({ totalLimit: 3, uses: 3 }), {}],
  user_limit: [coupon({ perUserLimit: 2 }), { usesByCustomer: 2 }],
  budget_spent: [coupon({ budgetMinor: 10_000, spentMinor: 7_001 }), {}],
};

describe('judgeCoupon', () => {
  it('has a case for each reason', () => {
    expect(Object.keys(REFUSALS).toSorted()).toEqual([...COUPON_REFUSALS].toSorted());
  });

  it.each(Object.entries(REFUSALS))('refuses with %s what nothing else is wrong with', (reason, [row, changes]) => {
    expect(judgeCoupon(row, facts(changes))).toEqual({
      reason,
      terms: null,
      minimumMinor: reason === 'below_minimum' ? 15_001 : null,
    });
  });

  it.each<[string, CouponRow, Partial<CouponFacts>]>([
    ['in its first moment', coupon({ startsAt: AT }), {}],
    ['in its last', coupon({ endsAt: addMs(AT, 1) }), {}],
    ['without an end', coupon({ endsAt: null }), {}],
    ['at the very minimum', coupon({ minimumSubtotalMinor: 15_000 }), {}],
    ['at its last use', coupon({ totalLimit: 3, uses: 2 }), {}],
    ['at the last use of the customer', coupon({ perUserLimit: 2 }), { usesByCustomer: 1 }],
    ['with just enough in the budget', coupon({ budgetMinor: 10_000, spentMinor: 7_000 }), {}],
    ['for the first order', coupon({ firstOrderOnly: true }), {}],
  ])('holds %s', (_, row, changes) => {
    expect(judgeCoupon(row, facts(changes)).reason).toBeNull();
  });

  it('names the lines that take part, by item and by category', () => {
    expect(judgeCoupon(coupon({ itemIds: ['i1'] }), facts()).terms?.discount.lineIds).toEqual(['a']);
    expect(judgeCoupon(coupon({ categoryIds: ['c2'] }), facts()).terms?.discount.lineIds).toEqual(['b']);
    expect(judgeCoupon(coupon(), facts()).terms?.discount.lineIds).toBeNull();
  });

  it('counts a first order once, whatever the limit of the customer says', () => {
    const row = coupon({ firstOrderOnly: true, perUserLimit: 5 });
    expect(judgeCoupon(row, facts({ usesByCustomer: 1 })).reason).toBe('user_limit');
  });

  it('asks the budget for the delivery fee of free delivery', () => {
    const row = coupon({ kind: 'free_delivery', value: 0, budgetMinor: 2_499 });
    expect(judgeCoupon(row, facts()).reason).toBe('budget_spent');
    expect(judgeCoupon(row, facts({ deliveryFeeMinor: 2_499 })).reason).toBeNull();
  });
});
