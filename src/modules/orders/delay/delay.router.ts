import { authenticate, authorize, createRouter, rateLimit } from '../../../http/index.ts';
import * as controller from './delay.controller.ts';

export const delayRouter = createRouter();

const cook = [authenticate, authorize('order.cook'), rateLimit('account')];

delayRouter.post('/orders/:orderId/delay', cook, controller.delayOrder);
