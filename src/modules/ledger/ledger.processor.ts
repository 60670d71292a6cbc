import { defineProcessor } from '../../infra/queue/index.ts';
import { ledgerQueue } from './ledger.jobs.ts';
import { postSale } from './sales.service.ts';

/**
 * Purpose: the books of orders that are over. Idempotency: the unique source of a posting; a repeat posts the difference, which is
 * nothing. Retry: exponential, see the queue; then the failed set and an alarm.
 */
export const ledgerProcessor = defineProcessor(ledgerQueue, {
  concurrency: 4,
  jobs: {
    'post-sale': ({ orderId }) => postSale(orderId),
  },
});
