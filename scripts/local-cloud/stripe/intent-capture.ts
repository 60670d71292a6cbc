import { enterCharge } from './balance-transactions.ts';
import { emit, saveIntent, type Call, type Handler } from './call.ts';
import { getLatestCharge } from './charges.ts';
import { invalidRequest, unexpectedState } from './errors.ts';
import { integer, metadata, mergeMetadata, oneOf, optional, readParams } from './params.ts';
import { getIntent } from './intent-access.ts';
import { answerWith, present } from './present.ts';
import type { PaymentIntent } from './types.ts';
import { realNowSeconds } from '../clock.ts';

export const capturePaymentIntent: Handler = (call) => {
  const params = readParams(call.form, { amount_to_capture: optional(integer(1)), metadata: optional(metadata) });
  const intent = getIntent(call);
  assertCapturable(call, intent);
  const amount = params.amount_to_capture ?? intent.amount_capturable;
  if (amount > intent.amount_capturable) {
    const message =
      'The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge.';
    throw invalidRequest(message, { code: 'amount_too_large', param: 'amount_to_capture' });
  }
  if (params.metadata !== undefined) intent.metadata = mergeMetadata(intent.metadata, params.metadata);
  captureHeld(call, intent, amount);
  return answerWith(call, intent, params.expand);
};

function assertCapturable(call: Call, intent: PaymentIntent): void {
  if (intent.status === 'requires_capture') return;
  const message =
    intent.status === 'succeeded'
      ? 'This PaymentIntent could not be captured because it has already been captured.'
      : `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`;
  throw unexpectedState(message, present(call, intent));
}

/** What is not captured is released at once, without a refund object (Stripe since 2025-03-31). */
function captureHeld(call: Call, intent: PaymentIntent, amount: number): void {
  const charge = getLatestCharge(call, intent);
  charge.captured = true;
  charge.amount_captured = amount;
  call.book.put('charge', charge, intent.id);
  const released = intent.amount_capturable - amount;
  intent.status = 'succeeded';
  intent.amount_received = amount;
  intent.amount_capturable = 0;
  saveIntent(call, intent);
  call.book.record({ intentId: intent.id, kind: 'capture', amount });
  if (released > 0) call.book.record({ intentId: intent.id, kind: 'release', amount: released });
  enterCharge(call, charge);
  emit(call, 'charge.captured', charge);
  emit(call, 'payment_intent.succeeded', intent);
}

const cancelable: readonly string[] = [
  'requires_payment_method',
  'requires_capture',
  'requires_confirmation',
  'requires_action',
  'processing',
];

export const cancelPaymentIntent: Handler = (call) => {
  const params = readParams(call.form, {
    cancellation_reason: optional(oneOf('duplicate', 'fraudulent', 'requested_by_customer', 'abandoned')),
  });
  const intent = getIntent(call);
  if (!cancelable.includes(intent.status)) {
    const message = `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${cancelable.join(', ')}.`;
    throw unexpectedState(message, present(call, intent));
  }
  cancelIntent(call, intent, params.cancellation_reason ?? null);
  return answerWith(call, intent, params.expand);
};

export function cancelIntent(call: Call, intent: PaymentIntent, reason: string | null): void {
  const released = intent.amount_capturable;
  intent.status = 'canceled';
  intent.amount_capturable = 0;
  intent.canceled_at = realNowSeconds();
  intent.cancellation_reason = reason;
  intent.next_action = null;
  saveIntent(call, intent);
  if (released > 0) call.book.record({ intentId: intent.id, kind: 'release', amount: released });
  emit(call, 'payment_intent.canceled', intent);
}
