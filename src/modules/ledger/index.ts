export { courierCashBalance } from './balances.queries.ts';
export { releaseEarnings } from './earnings.service.ts';
export { ledgerQueue } from './ledger.jobs.ts';
export { EARNINGS_TIMER, postToLedger, type Posting, type PostingLine } from './post-to-ledger.service.ts';
export { chargeRefund, postSale } from './sales.service.ts';
