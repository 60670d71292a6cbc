import { authenticate, authorize, createRouter, rateLimit, requireIdempotencyKey } from '../../http/index.ts';
import * as controller from './ledger.controller.ts';

export const ledgerRouter = createRouter();

const own = [authenticate, authorize('ledger.read'), rateLimit('account')];
const office = [authenticate, authorize('money.manage'), rateLimit('admin')];

ledgerRouter.get('/ledger/entries', own, controller.listLedgerEntries);
ledgerRouter.get('/ledger/balances', own, controller.getLedgerBalances);
ledgerRouter.post(
  '/admin/couriers/:courierId/cash-deposits',
  office,
  requireIdempotencyKey('recordCashDeposit'),
  controller.recordCashDeposit,
);
