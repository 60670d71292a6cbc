import { createCoupon } from '../../factories/coupon.ts';
import type { OwnershipRows, Resource } from './ownership-row.ts';

/** Coupons belong to the office. */
export const PROMOTION_ROWS: OwnershipRows = {
  'get /admin/coupons/:couponId': { entitled: ['office'], make: coupon() },
  'patch /admin/coupons/:couponId': { entitled: ['office'], make: coupon({ isActive: false }) },
};

function coupon(body?: object) {
  return async (): Promise<Resource> => {
    const { _id } = await createCoupon();
    return { params: { couponId: _id }, ...(body && { body }) };
  };
}
