import { Schema, model } from 'mongoose';
import type { OrderAddress, OrderItem, OrderRestaurant } from '../orders/index.ts';
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
  deliveryAddress: OrderAddress;
  distanceMeters: number;
  prepMinutes: number;
  eta: { from: Date; to: Date };
  createdAt: Date;
  expiresAt: Date;
}

export interface QuoteRow extends QuoteTerms {
  signature: string;
  /** A quote buys one order: claimed by a conditional update while these are null. */
  usedAt: Date | null;
  orderId: string | null;
}

/** Kept past its expiry, so that a dispute about a price can be settled; then the address goes with it. */
const AUDIT_SECONDS = 7 * 24 * 3600;

const text = { type: String, required: true };
const date = { type: Date, required: true };
/** Written whole by createQuote and never changed after; the signature guards its inside better than casts would. */
const sealed = { type: Schema.Types.Mixed, required: true };

const quoteSchema = new Schema<QuoteRow>(
  {
    _id: text,
    customerId: text,
    restaurantId: text,
    currency: text,
    items: sealed,
    pricing: sealed,
    restaurant: sealed,
    deliveryAddress: sealed,
    distanceMeters: { type: Number, required: true },
    prepMinutes: { type: Number, required: true },
    eta: sealed,
    createdAt: date,
    expiresAt: date,
    signature: text,
    usedAt: { type: Date, default: null },
    orderId: { type: String, default: null },
  },
  { collection: 'quotes', versionKey: false },
);
// Serves forgetQuotes and exportQuotes.
quoteSchema.index({ customerId: 1 });
// Serves the clean-up; every other query goes by _id.
quoteSchema.index({ expiresAt: 1 }, { expireAfterSeconds: AUDIT_SECONDS });

export const QuoteModel = model('Quote', quoteSchema);
