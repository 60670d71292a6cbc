import { defineProcessor } from '../../infra/queue/index.ts';
import { reservationQueue } from './checkout.jobs.ts';
import { releaseReservations } from './reservations.service.ts';

/**
 * Purpose: give back what an order took and no kitchen used. Idempotency: the order's state, and the row of each claim, keyed by the
 * order. Retry: exponential, then the outbox.
 */
export const checkoutProcessor = defineProcessor(reservationQueue, {
  concurrency: 5,
  jobs: { 'release-reservations': ({ orderId }) => releaseReservations(orderId) },
});
