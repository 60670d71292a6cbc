import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';

const orderPayload = z.strictObject({ orderId: z.string() });

/** Calls to the payment provider that somebody was promised. Twelve tries over some two hours, then a human. */
export const paymentQueue = defineQueue({
  name: 'payment',
  attempts: 12,
  backoffMs: 2000,
  jobs: { 'capture-payment': orderPayload, 'release-payment': orderPayload, 'expire-unless-paid': orderPayload },
});
