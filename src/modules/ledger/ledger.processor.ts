import { defineProcessor } from '../../infra/queue/index.ts';
import { ledgerQueue } from './ledger.jobs.ts';
import { runPayouts } from './payouts/run-payouts.service.ts';
import { makeStatement } from './payouts/statements.service.ts';
import { postSale } from './sales.service.ts';

/**
 * Purpose: the books of orders that are over, payouts and their statements. Idempotency: the unique source of a posting (a repeat posts
 * the difference, which is nothing); rows are marked with their payout once; a statement is written over itself. Retry: exponential,
 * see the queue; then the failed set and an alarm.
 */
export const ledgerProcessor = defineProcessor(ledgerQueue, {
  concurrency: 4,
  jobs: {
    'post-sale': ({ orderId }) => postSale(orderId),
    'run-payouts': async ({ runId }) => {
      await runPayouts(runId);
    },
    'make-statement': ({ payoutId }) => makeStatement(payoutId),
  },
});
