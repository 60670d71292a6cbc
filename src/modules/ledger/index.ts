export type { LedgerKind } from './ledger-entry.model.ts';
export { courierCashBalance } from './balances.queries.ts';
export {
  findClearingPostings,
  findFirstPostingAt,
  listClearingPostings,
  type ClearingPosting,
} from './clearing.queries.ts';
export { releaseEarnings } from './earnings.service.ts';
export { CASH_HANDED_IN, listHandedIn, listSetOff } from './handed-in.queries.ts';
export { ledgerQueue } from './ledger.jobs.ts';
export { getPayout, listPayoutIds } from './payouts/payouts.queries.ts';
export { STATEMENT_COLUMNS, type StatementColumn, type StatementRow } from './payouts/statement-rows.ts';
export { getStatement, type Statement } from './payouts/statement.queries.ts';
export { PAYOUT_SETTLED } from './payouts/payouts.service.ts';
export { PAYOUT_CREATED, PAYOUTS_REQUESTED, PAYOUTS_TIMER, promisePayouts } from './payouts/run-payouts.service.ts';
export { EARNINGS_TIMER, postToLedger, type Posting } from './post-to-ledger.service.ts';
export { chargeRefund, creditDispute, postSale } from './sales.service.ts';
