/** Outbox event of T1: `{ orderId }`. */
export const PAYMENT_OVERDUE = 'payment.overdue';
/** The money does not fit what the order is worth: `{ orderId }`. */
export const PAYMENT_UNSETTLED = 'payment.unsettled';
/** T10 has come: `{ orderId, attempt }`. */
export const HOLD_OVERDUE = 'payment.hold_overdue';
/** A refund is to be made at the provider: `{ refundId }`. */
export const REFUND_APPROVED = 'refund.approved';
/** An intent that no longer counts: `{ paymentId, intentId }`. */
export const INTENT_GIVEN_UP = 'payment.intent_given_up';
/** `{ setupIntentId }` */
export const CARD_SAVED = 'card.saved';
/** `{ providerCustomerId, paymentMethodId }`; without the latter the customer and all cards. */
export const CARDS_REMOVED = 'card.removed';

/** A tip that nobody has paid in time: `{ tipId }`. */
export const TIP_OVERDUE = 'payment.tip_overdue';

/** A tip waits no longer for its card than an order does. */
export const TIP_TIMER = 'payment.tip';
/** How long a customer may pay again. */
export const PAY_AGAIN_TIMER = 'payment.pay_again';
/** T10: a hold that nobody captured runs out at the bank. */
export const HOLD_TIMER = 'payment.hold_watch';
