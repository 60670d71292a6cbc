import { defineProcessor } from '../../infra/queue/index.ts';
import { emailQueue } from './notifications.jobs.ts';
import { sendOrderConfirmation, sendReceipt, sendWelcome } from './notifications.service.ts';

/**
 * Purpose: mails that events promise. Idempotency: one row per kind and user or order, claimed before and marked after sending.
 * Retry: twelve attempts with backoff; an order or user that is gone fails at once.
 */
export const emailProcessor = defineProcessor(emailQueue, {
  concurrency: 5,
  jobs: {
    'send-welcome': async ({ userId }) => {
      await sendWelcome(userId);
    },
    'send-order-confirmation': async ({ orderId }) => {
      await sendOrderConfirmation(orderId);
    },
    'send-receipt': async ({ orderId }) => {
      await sendReceipt(orderId);
    },
  },
});
