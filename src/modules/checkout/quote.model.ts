import { Schema, model } from 'mongoose';
import type {
  OrderAddress,
  OrderCoupon,
  OrderItem,
  OrderRecord,
  OrderRestaurant,
  Replacement,
} from '../orders/index.ts';
import type { Breakdown } from '../pricing/index.ts';

/** What we promise for ten minutes. Copies, so that no change of the menu reaches it; all of it is under the signature. */
export interface QuoteTerms {
  _id: string;
  customerId: string;
  restaurantId: string;
  currency: string;
  items: OrderItem[];
  pricing: Breakdown;
  restaurant: OrderRestaurant;
  mode: OrderRecord['mode'];
  /** Null: the customer collects. */
  deliveryAddress: OrderAddress | null;
  /** 0 where the customer collects. */
  distanceMeters: number;
  /** In which the food is to be ready; null: as soon as possible. */
  slot: OrderRecord['slot'];
  /** T3: when an order for the slot will ring in the kitchen. */
  releaseAt: Date | null;
  coupon: OrderCoupon | null;
  /** The customer's stored choice; the order may name another. */
  replacement: Replacement;
  prepMinutes: number;
  eta: { from: Date; to: Date };
  createdAt: Date;
  expiresAt: Date;
}

/** The request that bought it, with its answer: the quote is the record of its Idempotency-Key, too. */
export interface Purchase {
  keyHash: string;
  bodyHash: string;
  /** JSON text, so that a replay is equal to the byte. */
  answer: string;
}

export interface QuoteRow extends QuoteTerms {
  signature: string;
  /** A quote buys one order: claimed by a conditional update while these are null. */
  usedAt: Date | null;
  orderId: string | null;
  /** Found stale when somebody wanted to buy it: the quote that took its place. */
  replacedBy: string | null;
  /** Not there until it is used. */
  purchase?: Purchase;
}

/** Kept past its expiry, so that a dispute about a price can be settled; then the address goes with it. */
const AUDIT_SECONDS = 7 * 24 * 3600;

const text = { type: String, required: true };
const date = { type: Date, required: true };
/** Written whole by createQuote and never changed after; the signature guards its inside better than casts would. */
const sealed = { type: Schema.Types.Mixed, required: true };
const sealedOrNull = { type: Schema.Types.Mixed, default: null };

const quoteSchema = new Schema<QuoteRow>(
  {
    _id: text,
    customerId: text,
    restaurantId: text,
    currency: text,
    items: sealed,
    pricing: sealed,
    restaurant: sealed,
    mode: text,
    deliveryAddress: sealedOrNull,
    distanceMeters: { type: Number, required: true },
    slot: sealedOrNull,
    releaseAt: { type: Date, default: null },
    coupon: sealedOrNull,
    replacement: text,
    prepMinutes: { type: Number, required: true },
    eta: sealed,
    createdAt: date,
    expiresAt: date,
    signature: text,
    usedAt: { type: Date, default: null },
    orderId: { type: String, default: null },
    replacedBy: { type: String, default: null },
    purchase: { type: Schema.Types.Mixed, default: undefined },
  },
  { collection: 'quotes', versionKey: false },
);
// Serves forgetQuotes and exportQuotes.
quoteSchema.index({ customerId: 1 });
// One order per Idempotency-Key; serves settleRefusal.
quoteSchema.index(
  { 'purchase.keyHash': 1 },
  { unique: true, partialFilterExpression: { 'purchase.keyHash': { $gt: '' } } },
);
// Serves the clean-up; every other query goes by _id.
quoteSchema.index({ expiresAt: 1 }, { expireAfterSeconds: AUDIT_SECONDS });

export const QuoteModel = model('Quote', quoteSchema);
