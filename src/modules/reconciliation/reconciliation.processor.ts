import { defineProcessor } from '../../infra/queue/index.ts';
import { reconcileDay } from './reconcile-day.service.ts';
import { endRun } from './reconciliation.service.ts';
import { reconciliationQueue } from './reconciliation.jobs.ts';

/**
 * Purpose: compare a day of the payment provider's list with the books. Idempotency: a movement is posted once, a posting matched once;
 * the report is written over itself. Retry: exponential, see the queue.
 */
export const reconciliationProcessor = defineProcessor(reconciliationQueue, {
  concurrency: 1,
  jobs: {
    'reconcile-day': async ({ day }) => {
      await reconcileDay(day);
      await endRun(day);
    },
  },
});
