export { countWithoutIntent } from './payment-counts.queries.ts';
export { paymentQueue } from './payments.jobs.ts';
export { forgetCards } from './cards/cards.service.ts';
export { markCashCollected } from './cash.service.ts';
export { createMissingIntents, ensureIntent, openIntent, type PaymentIntent } from './intents.service.ts';
export { endUnpaidAgain } from './payment-problem.service.ts';
export {
  CARD_SAVED,
  CARDS_REMOVED,
  HOLD_OVERDUE,
  HOLD_TIMER,
  INTENT_GIVEN_UP,
  PAY_AGAIN_TIMER,
  PAYMENT_OVERDUE,
  PAYMENT_UNSETTLED,
  REFUND_APPROVED,
  TIP_OVERDUE,
  TIP_TIMER,
} from './payments.events.ts';
export { askBeforeExpiry, createPayment } from './payments.service.ts';
export { reconcilePayments } from './reconcile.service.ts';
export { requestRefund } from './refunds/request-refund.service.ts';
export { listProviderMovements, type ProviderMovement } from './gateways/stripe-movements.ts';
export { promiseTipExpiry } from './tips/expire-tip.service.ts';
export { promiseRenewal } from './renew-hold.service.ts';
