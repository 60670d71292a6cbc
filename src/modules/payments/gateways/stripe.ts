import type { Stripe } from 'stripe';
import type { ProviderRecord, ProviderRefund } from './provider-record.ts';
import { intentSchema, refundSchema, understood } from './stripe-answers.ts';
import { guarded, isRefusal } from './stripe-client.ts';

interface IntentRequest {
  paymentId: string;
  /** Counts the intents of this payment. */
  attempt: number;
  orderId: string;
  amountMinor: number;
  currency: string;
  /** Taken at once: there is nothing to wait for. */
  isTip: boolean;
}

export interface SavedCard {
  providerCustomerId: string;
  paymentMethodId: string;
}

/**
 * One intent per payment and attempt: the provider keeps the answer under the key. It holds nothing until somebody confirms it, so that an
 * answer that is lost loses no money.
 */
export async function createIntent(request: IntentRequest): Promise<ProviderRecord> {
  const { paymentId, attempt, orderId, amountMinor, currency, isTip } = request;
  const idempotencyKey = attempt === 1 ? `intent-${paymentId}` : `intent-${paymentId}-${attempt}`;
  const params: Stripe.PaymentIntentCreateParams = {
    amount: amountMinor,
    currency: currency.toLowerCase(),
    capture_method: isTip ? 'automatic' : 'manual',
    allowed_payment_method_types: ['card'],
    metadata: { paymentId, orderId, ...(isTip ? { purpose: 'tip' } : {}) },
  };
  return guarded(async (stripe) =>
    understood(intentSchema, await stripe.paymentIntents.create(params, { idempotencyKey })),
  );
}

export async function retrieveIntent(intentId: string): Promise<ProviderRecord> {
  return guarded(async (stripe) => understood(intentSchema, await stripe.paymentIntents.retrieve(intentId)));
}

/** Pays an intent with a saved card: while the customer is there the bank may ask, `off_session` it says no. */
export async function confirmIntent(
  intentId: string,
  card: SavedCard,
  { isOffSession = false } = {},
): Promise<ProviderRecord> {
  return orCurrentState(intentId, async (stripe) => {
    await stripe.paymentIntents.update(intentId, { customer: card.providerCustomerId });
    return stripe.paymentIntents.confirm(intentId, {
      payment_method: card.paymentMethodId,
      ...(isOffSession ? { off_session: true } : {}),
    });
  });
}

interface CaptureRequest {
  paymentId: string;
  attempt: number;
  /** The rest of the hold is released. */
  amountMinor: number;
}

/** Takes the held money. Already captured counts as captured: the record says what is true there. */
export async function captureIntent(
  intentId: string,
  { paymentId, attempt, amountMinor }: CaptureRequest,
): Promise<ProviderRecord> {
  const idempotencyKey = attempt === 1 ? `capture-${paymentId}` : `capture-${paymentId}-${attempt}`;
  return orCurrentState(intentId, (stripe) =>
    stripe.paymentIntents.capture(intentId, { amount_to_capture: amountMinor }, { idempotencyKey }),
  );
}

/** Frees the held money. */
export async function cancelIntent(intentId: string): Promise<ProviderRecord> {
  const key = { idempotencyKey: `void-${intentId}` };
  return orCurrentState(intentId, (stripe) => stripe.paymentIntents.cancel(intentId, {}, key));
}

interface RefundRequest {
  refundId: string;
  attempt: number;
  intentId: string;
  amountMinor: number;
}

/**
 * Gives captured money back. One refund per id and attempt, under the provider's key and, where that has run out, by its list.
 * @throws what `isRefusal` knows for a refund that will never be
 */
export async function createRefund({
  refundId,
  attempt,
  intentId,
  amountMinor,
}: RefundRequest): Promise<ProviderRefund> {
  const made = await findRefund(intentId, { refundId, attempt });
  if (made !== null) return made;
  const idempotencyKey = attempt === 1 ? `refund-${refundId}` : `refund-${refundId}-${attempt}`;
  const params = { payment_intent: intentId, amount: amountMinor, metadata: { refundId, attempt: String(attempt) } };
  return guarded(async (stripe) => understood(refundSchema, await stripe.refunds.create(params, { idempotencyKey })));
}

async function findRefund(
  intentId: string,
  { refundId, attempt }: Pick<RefundRequest, 'refundId' | 'attempt'>,
): Promise<ProviderRefund | null> {
  return guarded(async (stripe) => {
    const { data } = await stripe.refunds.list({ payment_intent: intentId, limit: 100 });
    const refunds = data.map((refund) => understood(refundSchema, refund));
    return refunds.find((refund) => refund.refundId === refundId && refund.attempt === attempt) ?? null;
  });
}

/** Gives back what a given-up intent took after all. */
export async function refundDiscarded(intentId: string, paymentId: string): Promise<void> {
  const params = { payment_intent: intentId, metadata: { paymentId, discarded: 'true' } };
  await guarded((stripe) => stripe.refunds.create(params, { idempotencyKey: `discard-${intentId}` }));
}

/** A refusal is answered by asking where the intent stands; only what may pass (network, the vendor's own faults) goes up. */
async function orCurrentState(
  intentId: string,
  act: (stripe: Stripe) => Promise<Stripe.PaymentIntent>,
): Promise<ProviderRecord> {
  try {
    return await guarded(async (stripe) => understood(intentSchema, await act(stripe)));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return retrieveIntent(intentId);
  }
}
