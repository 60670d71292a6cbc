export { reconciliationQueue } from './reconciliation.jobs.ts';
export { promiseReconciliation, RECONCILIATION_REQUESTED, RECONCILIATION_TIMER } from './reconciliation.service.ts';
