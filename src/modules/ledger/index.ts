export type { LedgerKind } from './ledger-entry.model.ts';
export { courierCashBalance } from './balances.queries.ts';
export { findClearingPostings, listClearingPostings, type ClearingPosting } from './clearing.queries.ts';
export { releaseEarnings } from './earnings.service.ts';
export { ledgerQueue } from './ledger.jobs.ts';
export { getPayout, getStatement, type Statement, type StatementRow } from './payouts/payouts.queries.ts';
export { PAYOUT_CREATED, PAYOUTS_REQUESTED, PAYOUTS_TIMER, promisePayouts } from './payouts/run-payouts.service.ts';
export { EARNINGS_TIMER, postToLedger, type Posting, type PostingLine } from './post-to-ledger.service.ts';
export { chargeRefund, postSale } from './sales.service.ts';
