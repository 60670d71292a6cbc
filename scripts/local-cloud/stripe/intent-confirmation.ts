import { enterCharge } from './balance-transactions.ts';
import { emit, presentPaymentMethod, saveIntent, type Call, type Handler } from './call.ts';
import { createCharge } from './charges.ts';
import { invalidParam, unexpectedState } from './errors.ts';
import { flag, ignored, optional, readParams, text } from './params.ts';
import { assertClientSecret, getIntent } from './intent-access.ts';
import { attachPaymentMethod, getTestCard } from './payment-methods.ts';
import { answerWith, present } from './present.ts';
import { cardError } from './test-cards.ts';
import type { Answer, ErrorBody, PaymentIntent, PaymentMethod } from './types.ts';

interface Confirmation {
  /** The customer is not there to be asked. */
  off_session?: boolean | undefined;
  payment_method?: string | undefined;
  return_url?: string | undefined;
  use_stripe_sdk?: boolean | undefined;
  expand: string[];
}

export const confirmPaymentIntent: Handler = (call) => {
  const params = readParams(call.form, {
    client_secret: optional(text),
    off_session: optional(flag),
    payment_method: optional(text),
    return_url: optional(text),
    use_stripe_sdk: optional(flag),
    // Stripe.js repeats its key in the form.
    key: ignored,
  });
  const intent = getIntent(call);
  assertClientSecret(call, intent, params.client_secret);
  return confirmIntent(call, intent, params);
};

const confirmable: readonly string[] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

export function confirmIntent(call: Call, intent: PaymentIntent, params: Confirmation): Answer {
  assertConfirmable(call, intent, params);
  const method = methodFor(call, intent, params.payment_method);
  intent.last_payment_error = null;
  intent.next_action = null;
  if (call.isProcessingForced) return startProcessing(call, intent, params);
  const { behaviour } = getTestCard(method);
  if (behaviour.kind === 'declines') return decline(call, intent, { method, failure: cardError(behaviour.decline) });
  if (behaviour.kind === 'asks' && params.off_session === true)
    return decline(call, intent, { method, failure: mustAsk });
  if (behaviour.kind === 'asks') askForAuthentication(call, intent, params);
  else authorizeIntent(call, intent, method);
  return answerWith(call, intent, params.expand);
}

const mustAsk: ErrorBody = {
  type: 'card_error',
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

function assertConfirmable(call: Call, intent: PaymentIntent, params: Confirmation): void {
  if (!confirmable.includes(intent.status)) {
    const message =
      intent.status === 'succeeded'
        ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
        : `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: ${confirmable.join(', ')}.`;
    throw unexpectedState(message, present(call, intent));
  }
  const isCardOnly = intent.allowed_payment_method_types?.every((type) => type === 'card') ?? false;
  const mayRedirect = !isCardOnly && intent.automatic_payment_methods?.allow_redirects === 'always';
  if (mayRedirect && params.return_url === undefined && params.use_stripe_sdk !== true) {
    const message =
      "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.";
    throw invalidParam(message, 'return_url');
  }
}

function methodFor(call: Call, intent: PaymentIntent, name: string | undefined): PaymentMethod {
  if (name !== undefined) return attachPaymentMethod(call, intent, name);
  const method = intent.payment_method === null ? null : call.book.find('payment_method', intent.payment_method);
  if (method === null) {
    const message =
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.";
    throw unexpectedState(message, present(call, intent));
  }
  return method;
}

/** The bank says yes: money is held, and taken at once unless captured by hand. */
export function authorizeIntent(call: Call, intent: PaymentIntent, method: PaymentMethod): void {
  const charge = createCharge(call, intent, { method });
  const isManual = intent.capture_method === 'manual';
  intent.status = isManual ? 'requires_capture' : 'succeeded';
  intent.amount_capturable = isManual ? intent.amount : 0;
  intent.amount_received = isManual ? 0 : intent.amount;
  intent.next_action = null;
  intent.last_payment_error = null;
  saveIntent(call, intent);
  call.book.record({ intentId: intent.id, kind: 'authorize', amount: intent.amount });
  if (!isManual) {
    call.book.record({ intentId: intent.id, kind: 'capture', amount: intent.amount });
    enterCharge(call, charge);
  }
  emit(call, 'charge.succeeded', charge);
  emit(call, isManual ? 'payment_intent.amount_capturable_updated' : 'payment_intent.succeeded', intent);
}

/** A decline is an answer, not an accident: the failed charge and the event stay in the book. */
export function decline(
  call: Call,
  intent: PaymentIntent,
  { method, failure }: { method: PaymentMethod; failure: ErrorBody },
): Answer {
  const charge = createCharge(call, intent, { method, failure });
  const error: ErrorBody = { ...failure, charge: charge.id, payment_method: presentPaymentMethod(method) };
  failIntent(call, intent, error);
  emit(call, 'charge.failed', charge);
  emit(call, 'payment_intent.payment_failed', intent);
  return { status: 402, body: { error: { ...error, payment_intent: present(call, intent) } } };
}

/** Back to asking for another card; the refused one is let go. */
export function failIntent(call: Call, intent: PaymentIntent, error: ErrorBody): void {
  intent.status = 'requires_payment_method';
  intent.payment_method = null;
  intent.next_action = null;
  intent.last_payment_error = error;
  saveIntent(call, intent);
}

function askForAuthentication(call: Call, intent: PaymentIntent, params: Confirmation): void {
  const url = `${call.baseUrl}/_authenticate/${intent.id}?client_secret=${intent.client_secret}`;
  intent.status = 'requires_action';
  intent.next_action =
    params.return_url === undefined
      ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } }
      : { type: 'redirect_to_url', redirect_to_url: { url, return_url: params.return_url } };
  saveIntent(call, intent);
  emit(call, 'payment_intent.requires_action', intent);
}

function startProcessing(call: Call, intent: PaymentIntent, params: Confirmation): Answer {
  intent.status = 'processing';
  saveIntent(call, intent);
  emit(call, 'payment_intent.processing', intent);
  return answerWith(call, intent, params.expand);
}
