import type { Call, Handler } from './call.ts';
import { missing } from './errors.ts';
import { stripeId } from './ids.ts';
import { answerList, pageParams } from './lists.ts';
import { optional, readParams, text } from './params.ts';
import { answerWith } from './present.ts';
import type { Charge, ErrorBody, PaymentIntent, PaymentMethod } from './types.ts';
import { realNowSeconds } from '../clock.ts';

const approved = {
  failure_code: null,
  failure_message: null,
  outcome: { network_status: 'approved_by_network', type: 'authorized', seller_message: 'Payment complete.' },
  paid: true,
  status: 'succeeded',
} as const;

function refused(failure: ErrorBody): Pick<Charge, keyof typeof approved> {
  return {
    failure_code: failure.code ?? null,
    failure_message: failure.message,
    outcome: { network_status: 'declined_by_network', type: 'issuer_declined', seller_message: failure.message },
    paid: false,
    status: 'failed',
  };
}

/** One attempt on a card; `failure` makes it a declined one. */
export function createCharge(
  call: Call,
  intent: PaymentIntent,
  attempt: { method: PaymentMethod; failure?: ErrorBody },
): Charge {
  const isCaptured = attempt.failure === undefined && intent.capture_method !== 'manual';
  const charge: Charge = {
    id: stripeId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: isCaptured ? intent.amount : 0,
    amount_refunded: 0,
    captured: isCaptured,
    created: realNowSeconds(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    livemode: false,
    metadata: { ...intent.metadata },
    payment_intent: intent.id,
    payment_method: attempt.method.id,
    payment_method_details: { type: 'card', card: attempt.method.card },
    receipt_email: intent.receipt_email,
    refunded: false,
    ...(attempt.failure === undefined ? approved : refused(attempt.failure)),
  };
  call.book.put('charge', charge, intent.id);
  intent.latest_charge = charge.id;
  return charge;
}

export function getLatestCharge(call: Call, intent: PaymentIntent): Charge {
  const charge = intent.latest_charge === null ? null : call.book.find('charge', intent.latest_charge);
  if (charge === null) throw new Error(`${intent.id} is ${intent.status} without a charge`);
  return charge;
}

export const retrieveCharge: Handler = (call) => {
  const params = readParams(call.form, {});
  const charge = call.book.find('charge', call.pathId);
  if (charge === null) throw missing('charge', call.pathId);
  return answerWith(call, charge, params.expand);
};

export const listCharges: Handler = (call) => {
  const page = readParams(call.form, { ...pageParams, payment_intent: optional(text) });
  const all = call.book.list('charge', { parentId: page.payment_intent });
  return answerList(call, '/v1/charges', { all, page });
};
