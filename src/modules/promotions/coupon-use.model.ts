import { Schema, model } from 'mongoose';

/** What one order has taken of a coupon, so that it is taken once and given back once. */
export interface RedemptionRow {
  /** The order's id. */
  _id: string;
  couponId: string;
  customerId: string;
  /** What the order really takes off: an amendment lowers it. */
  discountMinor: number;
  createdAt: Date;
  releasedAt: Date | null;
}

/** How often one customer has used one coupon. */
export interface CouponUserRow {
  /** `<couponId>-<customerId>`: the unique key that a claim names. */
  _id: string;
  uses: number;
}

// Every query of both goes by _id, so there is no other index.
const redemptionSchema = new Schema<RedemptionRow>(
  {
    _id: { type: String, required: true },
    couponId: { type: String, required: true },
    customerId: { type: String, required: true },
    discountMinor: { type: Number, required: true, min: 0 },
    createdAt: { type: Date, required: true },
    releasedAt: { type: Date, default: null },
  },
  { collection: 'coupon_redemptions', versionKey: false },
);

const couponUserSchema = new Schema<CouponUserRow>(
  { _id: { type: String, required: true }, uses: { type: Number, required: true, min: 0 } },
  { collection: 'coupon_users', versionKey: false },
);

export const RedemptionModel = model('CouponRedemption', redemptionSchema);
export const CouponUserModel = model('CouponUser', couponUserSchema);
