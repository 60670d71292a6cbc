export { couponCodeSchema } from './coupon-code.schema.ts';
export { claimCoupon, couponRefused, lowerCouponClaim, releaseCoupon } from './coupon-claims.service.ts';
export { judgeCode, setOrderHistory } from './judge-code.service.ts';
export {
  COUPON_REFUSALS,
  type CouponJudgement,
  type CouponLine,
  type CouponRefusal,
  type CouponTerms,
} from './judge-coupon.ts';
