import { authenticate, authorize, createRouter, rateLimit, requireIdempotencyKey } from '../../http/index.ts';
import { createQuote, getQuote, placeOrder } from './checkout.controller.ts';
import { reorder } from './reorder/reorder.controller.ts';

export const checkoutRouter = createRouter();

const customer = [authenticate, authorize('order.place'), rateLimit('ordering')];

checkoutRouter.post('/quotes', customer, createQuote);
checkoutRouter.get('/quotes/:quoteId', customer, getQuote);
checkoutRouter.post('/orders', customer, requireIdempotencyKey('placeOrder'), placeOrder);
checkoutRouter.post('/orders/:orderId/reorder', customer, reorder);
