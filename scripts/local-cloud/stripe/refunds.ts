import { emit, type Call, type Handler } from './call.ts';
import { getLatestCharge } from './charges.ts';
import { formatAmount } from './currencies.ts';
import { invalidParam, invalidRequest, missing, missingReference } from './errors.ts';
import { stripeId } from './ids.ts';
import { answerList, pageParams } from './lists.ts';
import { integer, mergeMetadata, metadata, oneOf, optional, readParams, text } from './params.ts';
import { answerWith } from './present.ts';
import type { Charge, Refund } from './types.ts';
import { realNowSeconds } from '../clock.ts';

const createParams = {
  amount: optional(integer(1)),
  charge: optional(text),
  payment_intent: optional(text),
  reason: optional(oneOf('duplicate', 'fraudulent', 'requested_by_customer')),
  metadata: optional(metadata),
};

export const createRefund: Handler = (call) => {
  const params = readParams(call.form, createParams);
  const charge = chargeToRefund(call, params);
  const unrefunded = charge.amount_captured - charge.amount_refunded;
  const amount = params.amount ?? unrefunded;
  assertRefundable(charge, amount, unrefunded);
  const refund: Refund = {
    id: stripeId('re'),
    object: 'refund',
    amount,
    charge: charge.id,
    created: realNowSeconds(),
    currency: charge.currency,
    metadata: mergeMetadata({}, params.metadata ?? {}),
    payment_intent: charge.payment_intent,
    reason: params.reason ?? null,
    receipt_number: null,
    status: 'succeeded',
  };
  enterRefund(call, charge, refund);
  return answerWith(call, refund, params.expand);
};

function chargeToRefund(
  call: Call,
  params: { charge?: string | undefined; payment_intent?: string | undefined },
): Charge {
  if ((params.charge === undefined) === (params.payment_intent === undefined)) {
    const message = 'One of the following params should be provided for this request: payment_intent or charge.';
    throw invalidParam(message, 'payment_intent', 'parameter_missing');
  }
  if (params.charge !== undefined) {
    const charge = call.book.find('charge', params.charge);
    if (charge === null) throw missingReference('charge', params.charge, 'charge');
    return charge;
  }
  const id = params.payment_intent ?? '';
  const intent = call.book.find('payment_intent', id);
  if (intent === null) throw missingReference('payment_intent', id, 'payment_intent');
  if (intent.status !== 'succeeded') throw nothingToRefund(id);
  return getLatestCharge(call, intent);
}

function nothingToRefund(id: string): Error {
  return invalidRequest(`This PaymentIntent (${id}) does not have a successful charge to refund.`, {
    param: 'payment_intent',
  });
}

function assertRefundable(charge: Charge, amount: number, unrefunded: number): void {
  if (charge.refunded) {
    const message = `Charge ${charge.id} has already been refunded.`;
    throw invalidRequest(message, { code: 'charge_already_refunded', charge: charge.id });
  }
  if (!charge.captured) throw nothingToRefund(charge.payment_intent);
  if (amount > unrefunded) {
    const of = charge.amount_refunded > 0 ? 'unrefunded amount on charge' : 'charge amount';
    const message = `Refund amount (${formatAmount(amount, charge.currency)}) is greater than ${of} (${formatAmount(unrefunded, charge.currency)})`;
    throw invalidRequest(message, { code: 'amount_too_large', param: 'amount' });
  }
}

function enterRefund(call: Call, charge: Charge, refund: Refund): void {
  charge.amount_refunded += refund.amount;
  charge.refunded = charge.amount_refunded === charge.amount_captured;
  call.book.put('charge', charge, charge.payment_intent);
  call.book.put('refund', refund, charge.payment_intent);
  call.book.record({ intentId: charge.payment_intent, kind: 'refund', amount: refund.amount });
  emit(call, 'charge.refunded', charge);
  emit(call, 'refund.created', refund);
}

export const retrieveRefund: Handler = (call) => {
  const params = readParams(call.form, {});
  const refund = call.book.find('refund', call.pathId);
  if (refund === null) throw missing('refund', call.pathId);
  return answerWith(call, refund, params.expand);
};

export const listRefunds: Handler = (call) => {
  const page = readParams(call.form, { ...pageParams, charge: optional(text), payment_intent: optional(text) });
  const all = call.book
    .list('refund', { parentId: page.payment_intent })
    .filter(({ charge }) => page.charge === undefined || charge === page.charge);
  return answerList(call, '/v1/refunds', { all, page });
};
