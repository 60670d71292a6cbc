import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';

/** What an order does by itself because of its own log. */
export const orderQueue = defineQueue({
  name: 'order',
  attempts: 8,
  backoffMs: 500,
  jobs: { 'auto-accept': z.strictObject({ orderId: z.string() }) },
});
