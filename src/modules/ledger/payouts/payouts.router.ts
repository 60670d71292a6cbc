import {
  authenticate,
  authorize,
  createRouter,
  publicRoute,
  rateLimit,
  requireIdempotencyKey,
} from '../../../http/index.ts';
import * as controller from './payouts.controller.ts';

export const payoutsRouter = createRouter();

const own = [authenticate, authorize('ledger.read'), rateLimit('account')];
const office = [authenticate, authorize('money.manage'), rateLimit('admin')];

payoutsRouter.get('/payouts', own, controller.listPayouts);
payoutsRouter.get('/payouts/:payoutId', own, controller.getPayout);
payoutsRouter.get('/payouts/:payoutId/statement', publicRoute, rateLimit('link'), controller.downloadStatement);
payoutsRouter.post('/admin/payouts/run', office, requireIdempotencyKey('requestPayouts'), controller.requestPayouts);
payoutsRouter.get('/admin/payouts/run/:runId', office, controller.getPayoutRun);
payoutsRouter.post('/admin/payouts/:payoutId/paid', office, controller.markPayoutPaid);
payoutsRouter.post('/admin/payouts/:payoutId/failed', office, controller.markPayoutFailed);
