import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';

const orderJob = z.strictObject({ orderId: z.string() });

/** What placing an order took and its early end gives back. Checkout is the lowest module that knows both. */
export const reservationQueue = defineQueue({
  name: 'reservation',
  attempts: 8,
  backoffMs: 500,
  jobs: { 'release-reservations': orderJob },
});
