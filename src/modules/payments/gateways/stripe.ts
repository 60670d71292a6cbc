import { Stripe } from 'stripe';
import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import type { ProviderEvent, ProviderRecord, ProviderStatus } from './provider-record.ts';

let client: Stripe | null = null;

interface IntentRequest {
  paymentId: string;
  orderId: string;
  amountMinor: number;
  currency: string;
}

/** Creates the intent once per payment: the provider keeps the answer under `intent-{paymentId}`. */
export async function createIntent({
  paymentId,
  orderId,
  amountMinor,
  currency,
}: IntentRequest): Promise<ProviderRecord> {
  const intent = await stripe().paymentIntents.create(
    {
      amount: amountMinor,
      currency: currency.toLowerCase(),
      capture_method: 'manual',
      allowed_payment_method_types: ['card'],
      metadata: { paymentId, orderId },
    },
    { idempotencyKey: `intent-${paymentId}` },
  );
  return toRecord(intent);
}

export async function retrieveIntent(intentId: string): Promise<ProviderRecord> {
  return toRecord(await stripe().paymentIntents.retrieve(intentId));
}

/** Takes the held money. Already captured counts as captured: the record says what is true there. */
export async function captureIntent(intentId: string, paymentId: string): Promise<ProviderRecord> {
  const key = { idempotencyKey: `capture-${paymentId}` };
  return orCurrentState(intentId, () => stripe().paymentIntents.capture(intentId, {}, key));
}

/** Frees the held money. */
export async function cancelIntent(intentId: string, paymentId: string): Promise<ProviderRecord> {
  const key = { idempotencyKey: `void-${paymentId}` };
  return orCurrentState(intentId, () => stripe().paymentIntents.cancel(intentId, {}, key));
}

/** Gives captured money back in full, once per payment. */
export async function refundIntent(intentId: string, paymentId: string): Promise<void> {
  await stripe().refunds.create(
    { payment_intent: intentId, metadata: { paymentId } },
    { idempotencyKey: `refund-${paymentId}` },
  );
}

/**
 * Checks the signature over the raw bytes, and its age.
 * @throws AppError `webhook_signature_invalid`
 */
export function readWebhook(rawBody: Buffer, signature: string): ProviderEvent {
  const event = verified(rawBody, signature);
  const { object } = event.data;
  const isIntent = event.type.startsWith('payment_intent.') && 'client_secret' in object;
  return {
    id: event.id,
    type: event.type,
    record: isIntent ? toRecord(object as Stripe.PaymentIntent) : null,
  };
}

function verified(rawBody: Buffer, signature: string): Stripe.Event {
  try {
    return stripe().webhooks.constructEvent(rawBody, signature, config.payments.webhookSecret);
  } catch (error) {
    throw new AppError('webhook_signature_invalid', { cause: error });
  }
}

/** A refusal because of the intent's state is answered by asking for that state; every other fault goes up. */
async function orCurrentState(intentId: string, act: () => Promise<Stripe.PaymentIntent>): Promise<ProviderRecord> {
  try {
    return toRecord(await act());
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    if (error.code !== 'payment_intent_unexpected_state') throw error;
    return retrieveIntent(intentId);
  }
}

const STATUSES: Record<string, ProviderStatus> = {
  requires_payment_method: 'requires_payment',
  requires_confirmation: 'requires_payment',
  processing: 'requires_payment',
  requires_action: 'requires_action',
  requires_capture: 'authorized',
  succeeded: 'captured',
  canceled: 'voided',
};

function toRecord(intent: Stripe.PaymentIntent): ProviderRecord {
  return {
    intentId: intent.id,
    paymentId: intent.metadata['paymentId'] ?? null,
    orderId: intent.metadata['orderId'] ?? null,
    status: STATUSES[intent.status] ?? 'requires_payment',
    amountMinor: intent.amount,
    currency: intent.currency.toUpperCase(),
    amountCapturedMinor: intent.amount_received,
    clientSecret: intent.client_secret,
    failureCode: intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code ?? null,
  };
}

function stripe(): Stripe {
  if (client !== null) return client;
  const url = new URL(config.payments.apiBaseUrl);
  client = new Stripe(config.payments.secretKey, {
    host: url.hostname,
    port: url.port === '' ? 443 : Number(url.port),
    protocol: url.protocol === 'http:' ? 'http' : 'https',
    timeout: config.payments.timeoutMs,
    maxNetworkRetries: 2,
    telemetry: false,
  });
  return client;
}
