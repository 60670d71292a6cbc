import { discountMinorOf, type DiscountTerms } from '../pricing/index.ts';
import type { CouponRow } from './coupon.model.ts';

export const COUPON_REFUSALS = [
  'unknown_code',
  'inactive',
  'not_started',
  'expired',
  'wrong_currency',
  'wrong_restaurant',
  'no_eligible_items',
  'below_minimum',
  'first_order_only',
  'used_up',
  'user_limit',
  'budget_spent',
] as const;
export type CouponRefusal = (typeof COUPON_REFUSALS)[number];

export interface CouponLine {
  id: string;
  itemId: string;
  /** Of the menu. */
  categoryId: string;
  subtotalMinor: number;
}

export interface CouponFacts {
  at: Date;
  restaurantId: string;
  currency: string;
  lines: readonly CouponLine[];
  /** null: not known yet. 0 where the customer collects. */
  deliveryFeeMinor: number | null;
  hasOrdered: boolean;
  usesByCustomer: number;
}

/** What of a coupon goes into pricing, the quote and the order. */
export interface CouponTerms {
  couponId: string;
  code: string;
  fundedBy: CouponRow['fundedBy'];
  discount: DiscountTerms;
}

/** `minimumMinor`: of items, where there are too few of them. */
export type CouponJudgement =
  | { reason: CouponRefusal; minimumMinor: number | null; terms: null }
  | { reason: null; minimumMinor: null; terms: CouponTerms };

/** Whether this cart gets this coupon, and if not, the first reason why not. Pure; the claim at placement asks the counts again. */
export function judgeCoupon(coupon: CouponRow | null, facts: CouponFacts): CouponJudgement {
  if (coupon === null) return refused('unknown_code');
  const terms = termsOf(coupon, facts);
  const reason =
    standingRefusal(coupon, facts) ?? cartRefusal(coupon, facts, terms) ?? countRefusal(coupon, facts, terms);
  if (reason === null) return { reason, minimumMinor: null, terms };
  return refused(reason, reason === 'below_minimum' ? coupon.minimumSubtotalMinor : null);
}

/** Why the counts of this moment forbid one more use that takes off so much. The claim's conditional update says the same. */
export function countsRefusal(
  { isActive, uses, totalLimit, spentMinor, budgetMinor }: CouponRow,
  discountMinor: number,
): CouponRefusal | null {
  if (!isActive) return 'inactive';
  if (totalLimit !== null && uses >= totalLimit) return 'used_up';
  if (budgetMinor !== null && (spentMinor >= budgetMinor || spentMinor + discountMinor > budgetMinor)) {
    return 'budget_spent';
  }
  return null;
}

function refused(reason: CouponRefusal, minimumMinor: number | null = null): CouponJudgement {
  return { reason, minimumMinor, terms: null };
}

/** Whatever is in the cart. */
function standingRefusal({ isActive, startsAt, endsAt }: CouponRow, { at }: CouponFacts): CouponRefusal | null {
  if (!isActive) return 'inactive';
  if (at < startsAt) return 'not_started';
  return endsAt !== null && at >= endsAt ? 'expired' : null;
}

function cartRefusal(coupon: CouponRow, facts: CouponFacts, { discount }: CouponTerms): CouponRefusal | null {
  if (coupon.currency !== facts.currency) return 'wrong_currency';
  const { restaurantIds } = coupon;
  if (restaurantIds.length > 0 && !restaurantIds.includes(facts.restaurantId)) return 'wrong_restaurant';
  if (discount.lineIds?.length === 0) return 'no_eligible_items';
  return subtotalOf(facts.lines) < coupon.minimumSubtotalMinor ? 'below_minimum' : null;
}

function countRefusal(coupon: CouponRow, facts: CouponFacts, { discount }: CouponTerms): CouponRefusal | null {
  if (coupon.firstOrderOnly && facts.hasOrdered) return 'first_order_only';
  const limit = userLimitOf(coupon);
  if (limit !== null && facts.usesByCustomer >= limit) return 'user_limit';
  return countsRefusal(coupon, discountMinorOf(discount, facts.lines, facts.deliveryFeeMinor ?? 0));
}

/** A first order is there once, also for who places two at the same moment. */
export function userLimitOf({ firstOrderOnly, perUserLimit }: CouponRow): number | null {
  return firstOrderOnly ? 1 : perUserLimit;
}

function termsOf(coupon: CouponRow, { lines }: CouponFacts): CouponTerms {
  const { _id: couponId, code, fundedBy, kind, value, maxDiscountMinor, itemIds, categoryIds } = coupon;
  const isForAll = itemIds.length === 0 && categoryIds.length === 0;
  const eligible = lines.filter((line) => itemIds.includes(line.itemId) || categoryIds.includes(line.categoryId));
  const lineIds = isForAll ? null : eligible.map(({ id }) => id);
  return { couponId, code, fundedBy, discount: { kind, value, maxDiscountMinor, lineIds } };
}

function subtotalOf(lines: readonly CouponLine[]): number {
  return lines.reduce((sum, { subtotalMinor }) => sum + subtotalMinor, 0);
}
