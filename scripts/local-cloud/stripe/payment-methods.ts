import { presentPaymentMethod, type Call, type Handler } from './call.ts';
import { missing, missingReference } from './errors.ts';
import { stripeId } from './ids.ts';
import { readParams } from './params.ts';
import { findTestCard, type TestCard } from './test-cards.ts';
import type { PaymentIntent, PaymentMethod } from './types.ts';
import { realNowSeconds } from '../clock.ts';

/** Naming one of Stripe's test cards makes a payment method of its own, as it does there. */
export function attachPaymentMethod(call: Call, intent: PaymentIntent, name: string): PaymentMethod {
  const method = call.book.find('payment_method', name) ?? createFromTestCard(call, name);
  intent.payment_method = method.id;
  if (intent.status === 'requires_payment_method' || intent.status === 'requires_action') {
    intent.status = 'requires_confirmation';
    intent.next_action = null;
  }
  return method;
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
