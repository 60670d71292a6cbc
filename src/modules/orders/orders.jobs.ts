import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';

/** What an order does by itself because of its own log, and what the log is held against. */
export const orderQueue = defineQueue({
  name: 'order',
  attempts: 8,
  backoffMs: 500,
  jobs: {
    'auto-accept': z.strictObject({ orderId: z.string() }),
    'replay-day': z.strictObject({ day: z.iso.date() }),
  },
});
