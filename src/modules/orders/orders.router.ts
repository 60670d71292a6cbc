import { authenticate, authorize, createRouter, rateLimit, requireIdempotencyKey } from '../../http/index.ts';
import * as controller from './orders.controller.ts';

export const ordersRouter = createRouter();

const anyParty = [authenticate, authorize('order.read'), rateLimit('account')];
const board = [authenticate, authorize('order.board'), rateLimit('account')];
const accept = [authenticate, authorize('order.accept'), rateLimit('account')];
const reject = [authenticate, authorize('order.reject'), rateLimit('account')];
const cook = [authenticate, authorize('order.cook'), rateLimit('account')];

ordersRouter.get('/orders', anyParty, controller.listOrders);
ordersRouter.get('/orders/:orderId', anyParty, controller.getOrder);
ordersRouter.get('/orders/:orderId/events', anyParty, controller.listOrderEvents);

ordersRouter.get('/restaurants/:restaurantId/orders', board, controller.listRestaurantOrders);
ordersRouter.post('/orders/:orderId/accept', accept, requireIdempotencyKey('acceptOrder'), controller.acceptOrder);
ordersRouter.post('/orders/:orderId/reject', reject, requireIdempotencyKey('rejectOrder'), controller.rejectOrder);
ordersRouter.post('/orders/:orderId/preparing', cook, controller.markOrderPreparing);
ordersRouter.post('/orders/:orderId/ready', cook, controller.markOrderReady);
