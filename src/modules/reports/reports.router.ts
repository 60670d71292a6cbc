import { authenticate, authorize, createRouter, publicRoute, rateLimit } from '../../http/index.ts';
import * as controller from './reports.controller.ts';

export const reportsRouter = createRouter();

const party = [authenticate, authorize('document.read'), rateLimit('account')];
const payee = [authenticate, authorize('ledger.read'), rateLimit('account')];

reportsRouter.get('/orders/:orderId/receipt', party, controller.findReceipt);
reportsRouter.get('/orders/:orderId/invoice', party, controller.findInvoice);
reportsRouter.get('/payouts/:payoutId/document', payee, controller.findPayoutDocument);
reportsRouter.get('/receipts/:orderId', publicRoute, rateLimit('link'), controller.openReceipt);
reportsRouter.get('/documents/:documentId', publicRoute, rateLimit('link'), controller.openDocument);

const office = [authenticate, authorize('money.manage'), rateLimit('admin')];
reportsRouter.post('/admin/reports', office, controller.requestReport);
reportsRouter.get('/admin/reports/:reportId', office, controller.getReport);
