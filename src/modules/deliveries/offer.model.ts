import { Schema, model, type mongo } from 'mongoose';
import type { GeoPoint } from '../../shared/geo.ts';
import { newId } from '../../shared/ids.ts';

export const OFFER_STATUSES = ['pending', 'accepted', 'declined', 'expired', 'withdrawn'] as const;
export type OfferStatus = (typeof OFFER_STATUSES)[number];

/** One courier asked once, and why this one: the log that explains a dispatch. Rows are never deleted. */
export interface OfferRecord {
  _id: string;
  deliveryId: string;
  courierId: string;
  orderId: string;
  round: number;
  status: OfferStatus;
  /** Great-circle distance from the courier to the restaurant when the offer was made. */
  distanceMeters: number;
  /** How far this round looked, how many it asked, and the place among them, 1 being the nearest. */
  radiusMeters: number;
  askedCount: number;
  rank: number;
  /** What the courier earns. */
  feeMinor: number;
  currency: string;
  /** From the restaurant to the door, by road: all a courier learns about the customer before accepting. */
  tripMeters: number;
  pickup: { name: string; location: GeoPoint };
  expiresAt: Date;
  decidedAt: Date | null;
  createdAt: Date;
}

const offerSchema = new Schema<OfferRecord>(
  {
    _id: { type: String, default: newId },
    deliveryId: { type: String, required: true },
    courierId: { type: String, required: true },
    orderId: { type: String, required: true },
    round: { type: Number, required: true },
    status: { type: String, enum: OFFER_STATUSES, required: true },
    distanceMeters: { type: Number, required: true },
    radiusMeters: { type: Number, required: true },
    askedCount: { type: Number, required: true },
    rank: { type: Number, required: true },
    feeMinor: { type: Number, required: true },
    currency: { type: String, required: true },
    tripMeters: { type: Number, required: true },
    pickup: { type: Schema.Types.Mixed, required: true },
    expiresAt: { type: Date, required: true },
    decidedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'offers', versionKey: false },
);
// One question per courier and round, whatever runs twice. Serves what a round asks about its delivery, too.
offerSchema.index({ deliveryId: 1, courierId: 1, round: 1 }, { unique: true });
// Serves listOffers, and withdrawing what else a courier was offered; settled offers leave the index.
offerSchema.index(
  { courierId: 1, expiresAt: 1 },
  { name: 'pending_of_courier', partialFilterExpression: { status: 'pending' } },
);

export const OfferModel = model('Offer', offerSchema);

export function offers(): mongo.Collection<OfferRecord> {
  return OfferModel.collection as unknown as mongo.Collection<OfferRecord>;
}
