import { couponUserId } from './coupon-claims.service.ts';
import { CouponUserModel, type CouponUserRow } from './coupon-use.model.ts';
import { CouponModel, type CouponRow } from './coupon.model.ts';
import { judgeCoupon, userLimitOf, type CouponFacts, type CouponJudgement } from './judge-coupon.ts';

type FindOrdered = (customerId: string) => Promise<boolean>;

let findOrdered: FindOrdered | null = null;

/** Bootstrap: orders stand above, and only they know who has ordered before. */
export function setOrderHistory(find: FindOrdered): void {
  findOrdered = find;
}

export interface CodeInCart extends Omit<CouponFacts, 'hasOrdered' | 'usesByCustomer'> {
  code: string;
  customerId: string;
}

/** Judges a code as it was typed, with the counts of this moment. Asks of the customer only what the coupon makes a condition. */
export async function judgeCode({ code, customerId, ...facts }: CodeInCart): Promise<CouponJudgement> {
  const coupon = await couponByCodeQuery(code).lean<CouponRow>();
  if (coupon === null) return judgeCoupon(null, { ...facts, hasOrdered: false, usesByCustomer: 0 });
  const [hasOrdered, usesByCustomer] = await Promise.all([
    coupon.firstOrderOnly ? orderedBefore(customerId) : false,
    userLimitOf(coupon) === null ? 0 : usesOf(coupon._id, customerId),
  ]);
  return judgeCoupon(coupon, { ...facts, hasOrdered, usesByCustomer });
}

/** Exported for the explain test. */
export function couponByCodeQuery(code: string) {
  return CouponModel.findOne({ code: code.toUpperCase() });
}

async function usesOf(couponId: string, customerId: string): Promise<number> {
  const row = await CouponUserModel.findById(couponUserId(couponId, customerId)).lean<CouponUserRow>();
  return row?.uses ?? 0;
}

function orderedBefore(customerId: string): Promise<boolean> {
  if (findOrdered === null) throw new Error('setOrderHistory was not called');
  return findOrdered(customerId);
}
