import { defineProcessor } from '../../infra/queue/index.ts';
import { finishDeletion } from './delete-account.service.ts';
import { makeExport } from './make-export.service.ts';
import { maintenanceQueue } from './privacy.jobs.ts';

/**
 * Purpose: exports of personal data, and the end of a deleted account. Idempotency: the claim of the export's row; forgetting twice is
 * forgetting once. Retry: see the queue; an export that fails for good says so in its row.
 */
export const privacyProcessor = defineProcessor(maintenanceQueue, {
  concurrency: 1,
  jobs: {
    'make-export': ({ exportId }, { attempt }) =>
      makeExport(exportId, { isLastAttempt: attempt >= maintenanceQueue.attempts }),
    'finish-deletion': ({ userId }) => finishDeletion(userId),
  },
});
