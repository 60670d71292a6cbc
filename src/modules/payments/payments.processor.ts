import { defineProcessor } from '../../infra/queue/index.ts';
import { paymentQueue } from './payments.jobs.ts';
import { capturePayment, expireOrderUnlessPaid, releasePayment } from './payments.service.ts';

/**
 * Purpose: capture and release held money. Idempotency: the provider's key per payment and the conditional moves of the payment row.
 * Retry: exponential, see the queue; then the failed set and an alarm.
 */
export const paymentsProcessor = defineProcessor(paymentQueue, {
  concurrency: 4,
  jobs: {
    'capture-payment': ({ orderId }) => capturePayment(orderId),
    'release-payment': ({ orderId }) => releasePayment(orderId),
    'expire-unless-paid': ({ orderId }) => expireOrderUnlessPaid(orderId),
  },
});
