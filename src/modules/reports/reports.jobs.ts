import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';
import { ID_PATTERN } from '../../shared/ids.ts';

const id = z.string().regex(ID_PATTERN);

/** Documents that somebody may fetch later. Eight attempts over some ten minutes, then a human. */
export const reportsQueue = defineQueue({
  name: 'reports',
  attempts: 8,
  backoffMs: 2000,
  jobs: {
    'make-order-documents': z.strictObject({ orderId: id }),
    'make-report': z.strictObject({ reportId: id }),
    'make-payout-document': z.strictObject({ payoutId: id }),
  },
});
