import { authenticate, authorize, createRouter, rateLimit, requireIdempotencyKey } from '../../http/index.ts';
import * as couriers from './couriers.controller.ts';
import * as deliveries from './deliveries.controller.ts';
import * as failure from './failure.controller.ts';

export const deliveriesRouter = createRouter();

const courier = [authenticate, authorize('delivery.carry'), rateLimit('account')];
const tracker = [authenticate, authorize('delivery.carry'), rateLimit('courierLocation')];
const customer = [authenticate, authorize('order.receive'), rateLimit('ordering')];
const restaurant = [authenticate, authorize('order.cook'), rateLimit('account')];
const office = [authenticate, authorize('order.fail'), rateLimit('account')];
const anyParty = [authenticate, authorize('order.read'), rateLimit('account')];

deliveriesRouter.get('/couriers/me', courier, couriers.getCourier);
deliveriesRouter.put('/couriers/me/availability', courier, couriers.setAvailability);
deliveriesRouter.post('/couriers/me/locations', tracker, couriers.recordLocations);

deliveriesRouter.get('/offers', courier, couriers.listOffers);
deliveriesRouter.post('/offers/:offerId/accept', courier, requireIdempotencyKey('acceptOffer'), couriers.acceptOffer);
deliveriesRouter.post('/offers/:offerId/decline', courier, couriers.declineOffer);

deliveriesRouter.get('/deliveries/current', courier, deliveries.getCurrentDelivery);
deliveriesRouter.post(
  '/deliveries/:deliveryId/events',
  courier,
  requireIdempotencyKey('recordDeliveryEvent'),
  deliveries.recordDeliveryEvent,
);
deliveriesRouter.put('/deliveries/:deliveryId/proof', courier, deliveries.setDeliveryProof);
deliveriesRouter.post('/deliveries/:deliveryId/handover-code', courier, deliveries.renewHandoverCode);

deliveriesRouter.post('/orders/:orderId/handover', restaurant, deliveries.handOverOrder);
deliveriesRouter.post('/orders/:orderId/take-back', restaurant, failure.takeBackOrder);
deliveriesRouter.post('/orders/:orderId/fail', office, requireIdempotencyKey('failDelivery'), failure.failDelivery);
deliveriesRouter.post('/orders/:orderId/delivery-pin', customer, deliveries.renewDeliveryPin);
deliveriesRouter.get('/orders/:orderId/tracking', anyParty, deliveries.getTracking);
