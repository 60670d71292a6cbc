import { defineProcessor } from '../../infra/queue/index.ts';
import { autoAcceptOrder } from './auto-accept.service.ts';
import { orderQueue } from './orders.jobs.ts';
import { replayDay } from './replay/replay-day.service.ts';

/**
 * Purpose: restaurants that take every order; the nightly replay. Idempotency: the transition itself; the report is written over
 * itself. Retry: exponential, then the outbox.
 */
export const ordersProcessor = defineProcessor(orderQueue, {
  concurrency: 5,
  jobs: {
    'auto-accept': ({ orderId }) => autoAcceptOrder(orderId),
    'replay-day': async ({ day }) => {
      await replayDay(day);
    },
  },
});
