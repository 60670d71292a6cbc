export { showDeliveryProof } from './proof.service.ts';
export { dispatchQueue } from './deliveries.jobs.ts';
export { publishOffer } from './deliveries.socket.ts';
export { countStalled, getCourierDay } from './courier-day.queries.ts';
export { registerDeliveryTimers } from './delivery-timers.ts';
export { OFFER_CREATED, type OfferMessage } from './offer.events.ts';
export { exportCourier, forgetCourier, forgetDropoffs, hasDeliveryInHand } from './personal-data.service.ts';
