import { assertCustomer } from './customers.ts';
import { saveIntent, emit, type Call, type Handler } from './call.ts';
import { assertChargeable } from './currencies.ts';
import { invalidParam, unexpectedState } from './errors.ts';
import { randomText, stripeId } from './ids.ts';
import { assertClientSecret, getIntent } from './intent-access.ts';
import { confirmIntent } from './intent-confirmation.ts';
import { answerList, pageParams } from './lists.ts';
import {
  automaticPaymentMethods,
  flag,
  ignored,
  integer,
  mergeMetadata,
  metadata,
  oneOf,
  optional,
  readParams,
  required,
  text,
  textList,
} from './params.ts';
import { attachPaymentMethod } from './payment-methods.ts';
import { answerWith } from './present.ts';
import type { PaymentIntent } from './types.ts';
import { realNowSeconds } from '../clock.ts';

/** Gone since 2026-09-30.endive; much code on the internet still sends it. */
const withdrawnParam = (value: unknown): undefined => {
  if (value === undefined) return undefined;
  const message = 'The `payment_method_types` parameter is no longer supported. Use `allowed_payment_method_types`.';
  throw invalidParam(message, 'payment_method_types', 'payment_method_types_no_longer_supported');
};

const createParams = {
  amount: required(integer(1)),
  currency: required(text),
  automatic_payment_methods: optional(automaticPaymentMethods),
  capture_method: optional(oneOf('automatic', 'automatic_async', 'manual')),
  confirm: optional(flag),
  customer: optional(text),
  description: optional(text),
  metadata: optional(metadata),
  off_session: optional(flag),
  payment_method: optional(text),
  allowed_payment_method_types: optional(textList),
  payment_method_types: withdrawnParam,
  receipt_email: optional(text),
  return_url: optional(text),
  statement_descriptor: ignored,
  statement_descriptor_suffix: ignored,
  use_stripe_sdk: optional(flag),
};

export const createPaymentIntent: Handler = (call) => {
  const params = readParams(call.form, createParams);
  const currency = params.currency.toLowerCase();
  assertChargeable(params.amount, currency);
  if (params.confirm !== true && params.return_url !== undefined) {
    throw invalidParam('`return_url` can only be given together with `confirm`.', 'return_url');
  }
  if (params.confirm !== true && params.off_session !== undefined) {
    throw invalidParam('`off_session` can only be given together with `confirm`.', 'off_session');
  }
  if (params.customer !== undefined) assertCustomer(call, params.customer);
  const intent = newIntent({ ...params, currency });
  if (params.payment_method !== undefined) attachPaymentMethod(call, intent, params.payment_method);
  saveIntent(call, intent);
  emit(call, 'payment_intent.created', intent);
  return params.confirm === true ? confirmIntent(call, intent, params) : answerWith(call, intent, params.expand);
};

interface NewIntent {
  amount: number;
  currency: string;
  automatic_payment_methods?: PaymentIntent['automatic_payment_methods'] | undefined;
  capture_method?: PaymentIntent['capture_method'] | undefined;
  customer?: string | undefined;
  description?: string | undefined;
  metadata?: PaymentIntent['metadata'] | undefined;
  allowed_payment_method_types?: string[] | undefined;
  receipt_email?: string | undefined;
}

function newIntent(params: NewIntent): PaymentIntent {
  const id = stripeId('pi');
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    amount: params.amount,
    amount_capturable: 0,
    amount_received: 0,
    automatic_payment_methods: paymentMethodsOf(params),
    canceled_at: null,
    cancellation_reason: null,
    capture_method: params.capture_method ?? 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: 'automatic',
    created: realNowSeconds(),
    currency: params.currency,
    customer: params.customer ?? null,
    description: params.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata ?? {}),
    next_action: null,
    payment_method: null,
    payment_method_types: ['card'],
    receipt_email: params.receipt_email ?? null,
    setup_future_usage: null,
    shipping: null,
    status: 'requires_payment_method',
  };
}

/** Without a word on the matter Stripe offers whatever the account has switched on, redirects included. */
function paymentMethodsOf(params: NewIntent): PaymentIntent['automatic_payment_methods'] {
  const allowed = params.allowed_payment_method_types;
  if (allowed !== undefined && !allowed.includes('card')) {
    throw invalidParam('The local cloud knows the payment method type card only.', 'allowed_payment_method_types');
  }
  return params.automatic_payment_methods ?? { enabled: true, allow_redirects: 'always' };
}

export const retrievePaymentIntent: Handler = (call) => {
  const params = readParams(call.form, { client_secret: optional(text) });
  const intent = getIntent(call);
  assertClientSecret(call, intent, params.client_secret);
  return answerWith(call, intent, params.expand);
};

const updatable: readonly string[] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

export const updatePaymentIntent: Handler = (call) => {
  const params = readParams(call.form, {
    amount: optional(integer(1)),
    customer: optional(text),
    description: optional(text),
    metadata: optional(metadata),
    payment_method: optional(text),
    receipt_email: optional(text),
  });
  const intent = getIntent(call);
  const changesPayment = params.amount !== undefined || params.payment_method !== undefined;
  if (changesPayment && !updatable.includes(intent.status)) {
    const message = `This PaymentIntent's amount or payment_method could not be updated because it has a status of ${intent.status}.`;
    throw unexpectedState(message, intent);
  }
  if (params.amount !== undefined) assertChargeable(params.amount, intent.currency);
  setCustomer(call, intent, params.customer);
  intent.amount = params.amount ?? intent.amount;
  intent.description = params.description ?? intent.description;
  intent.receipt_email = params.receipt_email ?? intent.receipt_email;
  if (params.metadata !== undefined) intent.metadata = changedMetadata(call, intent, params.metadata);
  if (params.payment_method !== undefined) attachPaymentMethod(call, intent, params.payment_method);
  return answerWith(call, saveIntent(call, intent), params.expand);
};

function setCustomer(call: Call, intent: PaymentIntent, customer: string | undefined): void {
  if (customer === undefined) return;
  assertCustomer(call, customer);
  if (intent.customer !== null && intent.customer !== customer) {
    throw invalidParam('You cannot modify `customer` on a PaymentIntent once it already has been set.', 'customer');
  }
  intent.customer = customer;
}

function changedMetadata(
  call: Call,
  intent: PaymentIntent,
  change: PaymentIntent['metadata'],
): PaymentIntent['metadata'] {
  return call.form['metadata'] === '' ? {} : mergeMetadata(intent.metadata, change);
}

export const listPaymentIntents: Handler = (call) => {
  const page = readParams(call.form, pageParams);
  return answerList(call, '/v1/payment_intents', { all: call.book.list('payment_intent'), page });
};
