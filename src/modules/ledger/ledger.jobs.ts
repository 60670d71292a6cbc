import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';
import { ID_PATTERN } from '../../shared/ids.ts';

const id = z.string().regex(ID_PATTERN);

/** The books of orders that are over. Twelve tries over some two hours, then a human. */
export const ledgerQueue = defineQueue({
  name: 'ledger',
  attempts: 12,
  backoffMs: 2000,
  jobs: {
    'post-sale': z.strictObject({ orderId: id }),
    'run-payouts': z.strictObject({ runId: id }),
    'make-statement': z.strictObject({ payoutId: id }),
  },
});
