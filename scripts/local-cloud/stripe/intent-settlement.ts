import { emit, type Call } from './call.ts';
import { getLatestCharge } from './charges.ts';
import { missing, unexpectedState } from './errors.ts';
import { cancelIntent } from './intent-capture.ts';
import { authorizeIntent, decline, failIntent } from './intent-confirmation.ts';
import { getTestCard } from './payment-methods.ts';
import { cardError } from './test-cards.ts';
import type { ErrorBody, IntentStatus, PaymentIntent, PaymentMethod } from './types.ts';

/** What banks and time do to a payment, and no API call can: reached through the control API only. */
export type Outcome = 'approve' | 'fail';

const declined: ErrorBody = {
  type: 'card_error',
  code: 'card_declined',
  decline_code: 'generic_decline',
  message: 'Your card was declined.',
};

const authenticationFailed: ErrorBody = {
  type: 'invalid_request_error',
  code: 'payment_intent_authentication_failure',
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
};

/** The customer's answer to the bank's question. */
export function authenticateIntent(call: Call, outcome: Outcome): PaymentIntent {
  const { intent, method } = intentIn(call, 'requires_action');
  if (outcome === 'approve') {
    authorizeIntent(call, intent, method);
  } else {
    failIntent(call, intent, authenticationFailed);
    emit(call, 'payment_intent.payment_failed', intent);
  }
  return intent;
}

/** Ends `processing`. */
export function settleIntent(call: Call, outcome: Outcome): PaymentIntent {
  const { intent, method } = intentIn(call, 'processing');
  if (outcome === 'approve') authorizeIntent(call, intent, method);
  else decline(call, intent, { method, failure: failureOf(method) });
  return intent;
}

/** A hold that nobody captured runs out after about seven days. */
export function expireIntent(call: Call): PaymentIntent {
  const { intent } = intentIn(call, 'requires_capture');
  emit(call, 'charge.expired', getLatestCharge(call, intent));
  cancelIntent(call, intent, 'expired');
  return intent;
}

function failureOf(method: PaymentMethod): ErrorBody {
  const { behaviour } = getTestCard(method);
  return behaviour.kind === 'declines' ? cardError(behaviour.decline) : declined;
}

function intentIn(call: Call, status: IntentStatus): { intent: PaymentIntent; method: PaymentMethod } {
  const intent = call.book.find('payment_intent', call.pathId);
  if (intent === null) throw missing('payment_intent', call.pathId);
  const method = intent.payment_method === null ? null : call.book.find('payment_method', intent.payment_method);
  if (intent.status !== status || method === null) {
    throw unexpectedState(`This PaymentIntent has a status of ${intent.status}, not ${status}.`, intent);
  }
  return { intent, method };
}
