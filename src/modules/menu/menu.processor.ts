import { defineProcessor } from '../../infra/queue/index.ts';
import { menuQueue } from './menu.jobs.ts';
import { applyImport } from './transfer/apply-import.service.ts';

/**
 * Purpose: imports of menus. Idempotency: the import's row is closed in the transaction that writes the menu. Retry: see the queue; a
 * file that cannot be taken is no failure, its report says why.
 */
export const menuProcessor = defineProcessor(menuQueue, {
  concurrency: 2,
  jobs: {
    'apply-import': ({ importId }, { attempt }) =>
      applyImport(importId, { isLastAttempt: attempt >= menuQueue.attempts }),
  },
});
