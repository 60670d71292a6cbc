import { defineProcessor } from '../../infra/queue/index.ts';
import { dispatchQueue } from './deliveries.jobs.ts';
import { cancelDelivery, createDelivery, startOffersOfOrder } from './dispatch.service.ts';
import { followDelay } from './follow-delay.service.ts';

/**
 * Purpose: make, hurry and end deliveries when their orders say so. Idempotency: the order's state, the unique `orderId`, and the
 * delivery's machine; a job that comes late changes nothing. Retry: exponential, then the outbox.
 */
export const deliveriesProcessor = defineProcessor(dispatchQueue, {
  concurrency: 5,
  jobs: {
    'create-delivery': ({ orderId }) => createDelivery(orderId),
    'follow-delay': ({ orderId }) => followDelay(orderId),
    'start-offers': ({ orderId }) => startOffersOfOrder(orderId),
    'cancel-delivery': ({ orderId }) => cancelDelivery(orderId),
  },
});
