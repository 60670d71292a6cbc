import { publish } from '../../realtime/index.ts';
import type { OfferMessage } from './offer.events.ts';

/** A new offer to the one courier it is for, called by the relay. Who missed it finds it at `GET /offers`. */
export function publishOffer(offer: OfferMessage): void {
  publish({ namespace: '/courier', room: `courier:${offer.courierId}`, event: 'offer', message: offer });
}
