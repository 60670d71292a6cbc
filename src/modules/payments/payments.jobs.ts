import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';

const orderPayload = z.strictObject({ orderId: z.string() });

/** Calls to the payment provider that somebody was promised. Twelve tries over some two hours, then a human. */
export const paymentQueue = defineQueue({
  name: 'payment',
  attempts: 12,
  backoffMs: 2000,
  jobs: {
    'settle-payment': orderPayload,
    'expire-unless-paid': orderPayload,
    'renew-hold': z.strictObject({ orderId: z.string(), attempt: z.int() }),
    'expire-tip': z.strictObject({ tipId: z.string() }),
    'settle-handed-in': z.strictObject({ courierId: z.string(), currency: z.string() }),
    'settle-set-off': z.strictObject({ payoutId: z.string() }),
    'make-refund': z.strictObject({ refundId: z.string() }),
    'discard-intent': z.strictObject({ paymentId: z.string(), intentId: z.string() }),
    'save-card': z.strictObject({ setupIntentId: z.string() }),
    'forget-cards': z.strictObject({ providerCustomerId: z.string(), paymentMethodId: z.string().nullable() }),
  },
});
