import { authenticate, authorize, createRouter, rateLimit, requireIdempotencyKey } from '../../../http/index.ts';
import * as controller from './cancellation.controller.ts';

export const cancellationRouter = createRouter();

const party = [authenticate, authorize('order.cancel'), rateLimit('ordering')];
const keyed = requireIdempotencyKey('cancelOrder', { isDryRunFree: true });

cancellationRouter.post('/orders/:orderId/cancel', party, keyed, controller.cancelOrder);
