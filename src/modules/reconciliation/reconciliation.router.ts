import { authenticate, authorize, createRouter, rateLimit } from '../../http/index.ts';
import * as controller from './reconciliation.controller.ts';

export const reconciliationRouter = createRouter();

const office = [authenticate, authorize('money.manage'), rateLimit('admin')];

reconciliationRouter.get('/admin/reconciliation', office, controller.listReconciliations);
reconciliationRouter.get('/admin/reconciliation/:day', office, controller.getReconciliation);
reconciliationRouter.post('/admin/reconciliation/:day', office, controller.requestReconciliation);
