import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';

const orderJob = z.strictObject({ orderId: z.string() });

/** What happens to a delivery because something happened to its order. Each job is idempotent on the delivery's own state. */
export const dispatchQueue = defineQueue({
  name: 'dispatch',
  attempts: 8,
  backoffMs: 500,
  jobs: {
    'create-delivery': orderJob,
    'start-offers': orderJob,
    'follow-delay': orderJob,
    'cancel-delivery': orderJob,
  },
});
