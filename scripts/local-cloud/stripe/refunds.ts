import { enterRefundFailure, enterRefundLine } from './balance-transactions.ts';
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
    status: call.isProcessingForced ? 'pending' : 'succeeded',
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
  if (charge.disputed) {
    const message = `Charge ${charge.id} has been charged back; cannot issue a refund.`;
    throw invalidRequest(message, { code: 'charge_disputed', charge: charge.id });
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
  enterRefundLine(call, refund);
  emit(call, 'charge.refunded', charge);
  emit(call, 'refund.created', refund);
}

/** What the card's bank makes of a pending refund, or of one that had succeeded, days later. */
export function settleRefund(call: Call, outcome: 'approve' | 'fail'): Refund {
  const found = call.book.find('refund', call.pathId);
  if (found === null) throw missing('refund', call.pathId);
  if (found.status === 'failed' || (found.status === 'succeeded' && outcome === 'approve')) {
    throw invalidRequest(`This refund has ${found.status} already.`);
  }
  if (outcome === 'approve') return tellRefund(call, { ...found, status: 'succeeded' }, 'refund.updated');
  const charge = call.book.find('charge', found.charge);
  if (charge === null) throw missing('charge', found.charge);
  charge.amount_refunded -= found.amount;
  charge.refunded = false;
  call.book.put('charge', charge, charge.payment_intent);
  call.book.record({ intentId: found.payment_intent, kind: 'refund_returned', amount: found.amount });
  enterRefundFailure(call, found);
  const failed: Refund = { ...found, status: 'failed', failure_reason: 'expired_or_canceled_card' };
  return tellRefund(call, failed, 'refund.failed');
}

function tellRefund(call: Call, refund: Refund, type: string): Refund {
  call.book.put('refund', refund, refund.payment_intent);
  emit(call, type, refund);
  emit(call, 'charge.refund.updated', refund);
  return refund;
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
