import { defineProcessor } from '../../infra/queue/index.ts';
import { sendAccountNotice, sendLink, sendNewDevice } from './account-mail.service.ts';
import { sendExportReady } from './export-mail.service.ts';
import { emailQueue } from './notifications.jobs.ts';
import { sendOrderConfirmation, sendReceipt, sendWelcome } from './notifications.service.ts';
import { sendOrderEnded, sendPayAgain, sendRefunded, sendTip } from './order-end-mail.service.ts';
import {
  sendAmendmentProposed,
  sendOrderDelayed,
  sendOrderReady,
  sendReviewInvitation,
} from './order-news-mail.service.ts';
import { sendRestaurantDecision } from './restaurant-mail.service.ts';
import { sendBadReview, sendReviewAnswer } from './review-mail.service.ts';
import { sendStaffInvitation } from './staff-mail.service.ts';

/**
 * Purpose: mails that events promise. Idempotency: one row per kind and subject, claimed before and marked after sending.
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
    'send-order-delayed': sendOrderDelayed,
    'send-order-ready': sendOrderReady,
    'send-order-ended': sendOrderEnded,
    'send-refunded': sendRefunded,
    'send-tip': sendTip,
    'send-pay-again': sendPayAgain,
    'send-amendment-proposed': sendAmendmentProposed,
    'send-review-invitation': sendReviewInvitation,
    'send-staff-invitation': sendStaffInvitation,
    'send-restaurant-decision': sendRestaurantDecision,
    'send-bad-review': sendBadReview,
    'send-review-answer': sendReviewAnswer,
    'send-link': sendLink,
    'send-export-ready': sendExportReady,
    'send-new-device': sendNewDevice,
    'send-account-notice': sendAccountNotice,
  },
});
