import { defineProcessor } from '../../infra/queue/index.ts';
import { autoAcceptOrder } from './auto-accept.service.ts';
import { orderQueue } from './orders.jobs.ts';

/** Purpose: restaurants that take every order. Idempotency: the transition itself. Retry: exponential, then the outbox. */
export const ordersProcessor = defineProcessor(orderQueue, {
  concurrency: 5,
  jobs: { 'auto-accept': ({ orderId }) => autoAcceptOrder(orderId) },
});
