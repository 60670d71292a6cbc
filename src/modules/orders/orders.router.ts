import { authenticate, authorize, createRouter, rateLimit, requireIdempotencyKey } from '../../http/index.ts';
import { ROLES } from '../../shared/actor.ts';
import * as controller from './orders.controller.ts';

export const ordersRouter = createRouter();

const anyParty = [authenticate, authorize(...ROLES), rateLimit('account')];
const customer = [authenticate, authorize('customer'), rateLimit('ordering')];
const restaurant = [authenticate, authorize('restaurant'), rateLimit('account')];

ordersRouter.get('/orders', anyParty, controller.listOrders);
ordersRouter.get('/orders/:orderId', anyParty, controller.getOrder);
ordersRouter.get('/orders/:orderId/events', anyParty, controller.listOrderEvents);
ordersRouter.post('/orders/:orderId/cancel', customer, requireIdempotencyKey('cancelOrder'), controller.cancelOrder);

ordersRouter.get('/restaurants/:restaurantId/orders', restaurant, controller.listRestaurantOrders);
ordersRouter.post('/orders/:orderId/accept', restaurant, requireIdempotencyKey('acceptOrder'), controller.acceptOrder);
ordersRouter.post('/orders/:orderId/reject', restaurant, requireIdempotencyKey('rejectOrder'), controller.rejectOrder);
ordersRouter.post('/orders/:orderId/preparing', restaurant, controller.markOrderPreparing);
ordersRouter.post('/orders/:orderId/ready', restaurant, controller.markOrderReady);
