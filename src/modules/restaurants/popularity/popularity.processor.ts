import { defineProcessor } from '../../../infra/queue/index.ts';
import { popularityQueue } from './popularity.jobs.ts';
import { countDeliveredOrder } from './popularity.service.ts';

/** Purpose: popularity follows delivered orders. Idempotency: none needed, see `countDeliveredOrder`. Retry: see the queue. */
export const popularityProcessor = defineProcessor(popularityQueue, {
  concurrency: 4,
  jobs: { 'count-delivered': ({ restaurantId }) => countDeliveredOrder(restaurantId) },
});
