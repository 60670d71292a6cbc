import { emit, presentPaymentMethod, type Call, type Handler } from './call.ts';
import { assertCustomer } from './customers.ts';
import { invalidRequest, missing, missingReference } from './errors.ts';
import { stripeId } from './ids.ts';
import { readParams, required, text } from './params.ts';
import { findTestCard, type TestCard } from './test-cards.ts';
import type { PaymentIntent, PaymentMethod } from './types.ts';
import { realNowSeconds } from '../clock.ts';

/** Naming one of Stripe's test cards makes a payment method of its own, as it does there. */
export function attachPaymentMethod(call: Call, intent: PaymentIntent, name: string): PaymentMethod {
  const method = findOrCreate(call, name);
  assertUsable(method, intent.customer);
  intent.payment_method = method.id;
  if (intent.status === 'requires_payment_method' || intent.status === 'requires_action') {
    intent.status = 'requires_confirmation';
    intent.next_action = null;
  }
  return method;
}

export function findOrCreate(call: Call, name: string): PaymentMethod {
  return call.book.find('payment_method', name) ?? createFromTestCard(call, name);
}

/** A saved card pays for its customer and for nobody else. */
function assertUsable(method: PaymentMethod, customer: string | null): void {
  if (method.customer === null || method.customer === customer) return;
  const message =
    customer === null
      ? `The PaymentMethod you provided (${method.id}) is attached to a customer; include the customer in the \`customer\` parameter.`
      : 'The provided PaymentMethod cannot be attached. To reuse a PaymentMethod, you must attach it to a Customer first.';
  throw invalidRequest(message, { param: 'payment_method' });
}

function createFromTestCard(call: Call, name: string): PaymentMethod {
  const testCard = findTestCard(name);
  if (testCard === null) throw missingReference('PaymentMethod', name, 'payment_method');
  const method: PaymentMethod = {
    id: stripeId('pm'),
    object: 'payment_method',
    type: 'card',
    card: testCard.card,
    created: realNowSeconds(),
    customer: null,
    livemode: false,
    test_card: name,
  };
  call.book.put('payment_method', method);
  return method;
}

export function getTestCard(method: PaymentMethod): TestCard {
  const testCard = findTestCard(method.test_card);
  if (testCard === null) throw new Error(`the book names an unknown test card: ${method.test_card}`);
  return testCard;
}

export const retrievePaymentMethod: Handler = (call) => {
  readParams(call.form, {});
  const method = call.book.find('payment_method', call.pathId);
  if (method === null) throw missing('PaymentMethod', call.pathId);
  return { status: 200, body: presentPaymentMethod(method) };
};

export const attachToCustomer: Handler = (call) => {
  const { customer } = readParams(call.form, { customer: required(text) });
  assertCustomer(call, customer);
  const method = findOrCreate(call, call.pathId);
  if (method.customer !== null && method.customer !== customer) {
    throw invalidRequest('The payment method you provided has already been attached to a customer.');
  }
  return { status: 200, body: saveFor(call, method, customer) };
};

export const detachFromCustomer: Handler = (call) => {
  readParams(call.form, {});
  const method = call.book.find('payment_method', call.pathId);
  if (method === null) throw missing('PaymentMethod', call.pathId);
  if (method.customer === null) {
    throw invalidRequest('The payment method you provided is not attached to a customer so detachment is impossible.');
  }
  const detached = { ...method, customer: null };
  call.book.put('payment_method', detached);
  emit(call, 'payment_method.detached', presentPaymentMethod(detached));
  return { status: 200, body: presentPaymentMethod(detached) };
};

export function saveFor(call: Call, method: PaymentMethod, customer: string): unknown {
  const attached = { ...method, customer };
  call.book.put('payment_method', attached);
  emit(call, 'payment_method.attached', presentPaymentMethod(attached));
  return presentPaymentMethod(attached);
}
