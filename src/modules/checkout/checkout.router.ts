import { authenticate, authorize, createRouter, rateLimit, requireIdempotencyKey } from '../../http/index.ts';
import * as cash from './cash/cash-standing.controller.ts';
import { createQuote, getQuote, placeOrder } from './checkout.controller.ts';
import { reorder } from './reorder/reorder.controller.ts';

export const checkoutRouter = createRouter();

const office = [authenticate, authorize('cash.manage'), rateLimit('admin')];
const customer = [authenticate, authorize('order.place'), rateLimit('ordering')];

checkoutRouter.post('/quotes', customer, createQuote);
checkoutRouter.get('/quotes/:quoteId', customer, getQuote);
checkoutRouter.post('/orders', customer, requireIdempotencyKey('placeOrder'), placeOrder);
checkoutRouter.post('/orders/:orderId/reorder', customer, reorder);

checkoutRouter.get('/admin/users/:userId/cash', office, cash.getCashHistory);
checkoutRouter.post('/admin/users/:userId/cash/lift', office, cash.liftCashRefusal);
