import { authenticate, authorize, createRouter, rateLimit } from '../../../http/index.ts';
import * as controller from './amendments.controller.ts';

export const amendmentsRouter = createRouter();

const anyParty = [authenticate, authorize('order.read'), rateLimit('account')];
const kitchen = [authenticate, authorize('order.amend'), rateLimit('account')];
const customer = [authenticate, authorize('order.receive'), rateLimit('ordering')];

amendmentsRouter.get('/orders/:orderId/amendments', anyParty, controller.listAmendments);
amendmentsRouter.post('/orders/:orderId/amendments', kitchen, controller.proposeAmendment);
amendmentsRouter.post('/orders/:orderId/amendments/:amendmentId/respond', customer, controller.respondToAmendment);
