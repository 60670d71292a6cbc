import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';

/** Long questions to the payment provider. Eight tries over some ten minutes, then a human; the next night asks again. */
export const reconciliationQueue = defineQueue({
  name: 'reconciliation',
  attempts: 8,
  backoffMs: 2000,
  jobs: { 'reconcile-day': z.strictObject({ day: z.iso.date() }) },
});
