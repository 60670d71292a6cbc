import { authenticate, authorize, createRouter, rateLimit } from '../../../http/index.ts';
import { renewCollectionCode, reportNoShow } from './collection.controller.ts';

export const collectionRouter = createRouter();

const customer = [authenticate, authorize('order.receive'), rateLimit('ordering')];
const cook = [authenticate, authorize('order.cook'), rateLimit('account')];

collectionRouter.post('/orders/:orderId/collection-code', customer, renewCollectionCode);
collectionRouter.post('/orders/:orderId/no-show', cook, reportNoShow);
