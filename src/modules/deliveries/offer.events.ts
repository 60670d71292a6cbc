import type { GeoPoint } from '../../shared/geo.ts';
import type { OfferRecord } from './offer.model.ts';

export const OFFER_CREATED = 'offer.created';

/** What a courier learns before accepting: where the food is and how far the way is, nothing about the customer. */
export interface OfferMessage extends Record<string, unknown> {
  offerId: string;
  courierId: string;
  deliveryId: string;
  orderId: string;
  expiresAt: string;
  pickup: { name: string; location: GeoPoint };
  distanceMeters: number;
  tripMeters: number;
  fee: { amount: number; currency: string };
}

export function toOfferMessage(offer: OfferRecord): OfferMessage {
  return {
    offerId: offer._id,
    courierId: offer.courierId,
    deliveryId: offer.deliveryId,
    orderId: offer.orderId,
    expiresAt: offer.expiresAt.toISOString(),
    pickup: offer.pickup,
    distanceMeters: offer.distanceMeters,
    tripMeters: offer.tripMeters,
    fee: { amount: offer.feeMinor, currency: offer.currency },
  };
}
