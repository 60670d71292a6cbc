import { enterDispute } from './balance-transactions.ts';
import { emit, type Call, type Handler } from './call.ts';
import { getLatestCharge } from './charges.ts';
import { invalidRequest, missing } from './errors.ts';
import { stripeId } from './ids.ts';
import { getIntent } from './intent-access.ts';
import { answerList, pageParams } from './lists.ts';
import { optional, readParams, text } from './params.ts';
import { answerWith } from './present.ts';
import type { Dispute } from './types.ts';
import { realNowSeconds } from '../clock.ts';

export interface DisputeInput {
  /** What was not refunded, when absent. */
  amount?: number | undefined;
  reason: string;
}

/** The cardholder's bank takes the money back: reached through the control API only. */
export function openDispute(call: Call, { amount, reason }: DisputeInput): Dispute {
  const intent = getIntent(call);
  const charge = getLatestCharge(call, intent);
  const left = charge.amount_captured - charge.amount_refunded;
  if (charge.disputed || left <= 0) throw invalidRequest(`Charge ${charge.id} cannot be disputed.`);
  const dispute: Dispute = {
    id: stripeId('dp'),
    object: 'dispute',
    amount: Math.min(amount ?? left, left),
    charge: charge.id,
    created: realNowSeconds(),
    currency: charge.currency,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: intent.id,
    reason,
    status: 'needs_response',
  };
  call.book.put('charge', { ...charge, disputed: true }, intent.id);
  call.book.put('dispute', dispute, intent.id);
  call.book.record({ intentId: intent.id, kind: 'dispute', amount: dispute.amount });
  enterDispute(call, dispute, -1);
  emit(call, 'charge.dispute.created', dispute);
  emit(call, 'charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

export function closeDispute(call: Call, outcome: 'won' | 'lost'): Dispute {
  const found = call.book.find('dispute', call.pathId);
  if (found === null) throw missing('dispute', call.pathId);
  if (found.status !== 'needs_response') throw invalidRequest(`This dispute is ${found.status} already.`);
  const dispute: Dispute = { ...found, status: outcome };
  call.book.put('dispute', dispute, dispute.payment_intent);
  if (outcome === 'won') {
    call.book.record({ intentId: dispute.payment_intent, kind: 'dispute_won', amount: dispute.amount });
    enterDispute(call, dispute, 1);
    const charge = call.book.find('charge', dispute.charge);
    if (charge !== null) call.book.put('charge', { ...charge, disputed: false }, dispute.payment_intent);
  }
  emit(call, 'charge.dispute.closed', dispute);
  if (outcome === 'won') emit(call, 'charge.dispute.funds_reinstated', dispute);
  return dispute;
}

export const retrieveDispute: Handler = (call) => {
  const params = readParams(call.form, {});
  const dispute = call.book.find('dispute', call.pathId);
  if (dispute === null) throw missing('dispute', call.pathId);
  return answerWith(call, dispute, params.expand);
};

export const listDisputes: Handler = (call) => {
  const page = readParams(call.form, { ...pageParams, payment_intent: optional(text) });
  return answerList(call, '/v1/disputes', { all: call.book.list('dispute', { parentId: page.payment_intent }), page });
};
