import { defineProcessor } from '../../infra/queue/index.ts';
import { saveCard } from './cards/cards.service.ts';
import { settleHandedIn, settleSetOff } from './cash.service.ts';
import { forgetAtProvider } from './gateways/stripe-cards.ts';
import { discardIntent } from './intents.service.ts';
import { paymentQueue } from './payments.jobs.ts';
import { expireOrderUnlessPaid } from './payments.service.ts';
import { makeRefund } from './refunds/refund-job.service.ts';
import { renewHold } from './renew-hold.service.ts';
import { settlePayment } from './settle-payment.service.ts';
import { expireTip } from './tips/expire-tip.service.ts';

/**
 * Purpose: everything that is asked of the payment provider. Idempotency: the provider's keys and the conditional moves of our rows.
 * Retry: exponential, see the queue; then the failed set and an alarm, and what the order or the refund does without an answer.
 */
export const paymentsProcessor = defineProcessor(paymentQueue, {
  concurrency: 4,
  jobs: {
    'settle-payment': ({ orderId }, context) => settlePayment(orderId, lastTry(context)),
    'expire-unless-paid': ({ orderId }) => expireOrderUnlessPaid(orderId),
    'renew-hold': (hold, context) => renewHold(hold, lastTry(context)),
    'expire-tip': ({ tipId }) => expireTip(tipId),
    'settle-handed-in': (payload) => settleHandedIn(payload),
    'settle-set-off': ({ payoutId }) => settleSetOff(payoutId),
    'make-refund': ({ refundId }, context) => makeRefund(refundId, lastTry(context)),
    'discard-intent': ({ paymentId, intentId }) => discardIntent(paymentId, intentId),
    'save-card': ({ setupIntentId }) => saveCard(setupIntentId),
    'forget-cards': ({ providerCustomerId, paymentMethodId }) => forgetAtProvider(providerCustomerId, paymentMethodId),
  },
});

/** After it the job lies among the dead letters. */
function lastTry({ attempt }: { attempt: number }): { isLastTry: boolean } {
  return { isLastTry: attempt >= paymentQueue.attempts };
}
