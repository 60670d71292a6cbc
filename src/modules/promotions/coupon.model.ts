import { Schema, model } from 'mongoose';
import { newId } from '../../shared/ids.ts';

export const COUPON_KINDS = ['percentage', 'amount', 'free_delivery'] as const;
export type CouponKind = (typeof COUPON_KINDS)[number];

export const COUPON_FUNDERS = ['platform', 'restaurant'] as const;

export interface CouponRow {
  _id: string;
  /** Upper case: whoever types it in small letters means the same. */
  code: string;
  kind: CouponKind;
  /** Basis points, or minor units; 0 for free delivery. */
  value: number;
  maxDiscountMinor: number | null;
  currency: string;
  /** Of all items together, before any discount. */
  minimumSubtotalMinor: number;
  startsAt: Date;
  /** The first moment at which it holds no longer. */
  endsAt: Date | null;
  firstOrderOnly: boolean;
  perUserLimit: number | null;
  totalLimit: number | null;
  /** Of all discounts together. */
  budgetMinor: number | null;
  /** Empty: all. */
  restaurantIds: string[];
  /** A line takes part if its item or its category is named; both empty: every line does. */
  itemIds: string[];
  categoryIds: string[];
  fundedBy: (typeof COUPON_FUNDERS)[number];
  isActive: boolean;
  /** Moved by claims and releases only. Neither ever passes its limit, unless an admin lowers that. */
  uses: number;
  spentMinor: number;
  /** Of the terms: a claim does not raise it, so that selling does not turn away who edits. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const count = { type: Number, required: true, min: 0 };
const limit = { type: Number, default: null };
const ids = { type: [String], required: true };

const couponSchema = new Schema<CouponRow>(
  {
    _id: { type: String, default: newId },
    code: { type: String, required: true, uppercase: true },
    kind: { type: String, required: true, enum: COUPON_KINDS },
    value: count,
    maxDiscountMinor: limit,
    currency: { type: String, required: true },
    minimumSubtotalMinor: count,
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, default: null },
    firstOrderOnly: { type: Boolean, required: true },
    perUserLimit: limit,
    totalLimit: limit,
    budgetMinor: limit,
    restaurantIds: ids,
    itemIds: ids,
    categoryIds: ids,
    fundedBy: { type: String, required: true, enum: COUPON_FUNDERS },
    isActive: { type: Boolean, required: true },
    uses: count,
    spentMinor: count,
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'coupons', versionKey: false },
);
// Serves judgeCode; unique, so that a code means one coupon.
couponSchema.index({ code: 1 }, { unique: true });
// Serves listCoupons with a filter; without one it goes by _id.
couponSchema.index({ isActive: 1, _id: -1 });

export const CouponModel = model('Coupon', couponSchema);
