export type { CourierRecord, Vehicle } from './courier.model.ts';
export { createCourier, type NewCourier } from './couriers.service.ts';
export { dispatchQueue } from './deliveries.jobs.ts';
export { publishOffer } from './deliveries.socket.ts';
export type { DeliveryStatus } from './delivery.machine.ts';
export { registerDeliveryTimers } from './delivery-timers.ts';
export { OFFER_CREATED, type OfferMessage } from './offer.events.ts';
