import { Stripe } from 'stripe';
import { z } from 'zod';
import { config } from '../../../config/index.ts';
import { AppError, fieldProblems } from '../../../errors/index.ts';
import { nowMs } from '../../../shared/clock.ts';
import type { ProviderEvent, ProviderRecord, ProviderStatus } from './provider-record.ts';

const TOLERANCE_MS = 300_000;
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

/** What we read of an intent; the SDK's types describe the vendor's promise, this checks it. */
const intentSchema = z.object({
  id: z.string(),
  status: z.string(),
  amount: z.int(),
  amount_capturable: z.int(),
  amount_received: z.int(),
  currency: z.string(),
  client_secret: z.string().nullable(),
  livemode: z.boolean(),
  metadata: z.record(z.string(), z.string()),
  last_payment_error: z.object({ code: z.string().optional(), decline_code: z.string().optional() }).nullish(),
});

const eventSchema = z.object({ id: z.string(), type: z.string(), data: z.object({ object: z.unknown() }) });

/**
 * Checks the signature over the raw bytes and its age, then the form.
 * @throws AppError `webhook_signature_invalid`, `validation_failed`
 */
export function readWebhook(rawBody: Buffer, signature: string): ProviderEvent {
  const { id, type, data } = received(eventSchema, verified(rawBody, signature));
  const isIntent = type.startsWith('payment_intent.');
  return { id, type, record: isIntent ? recordOf(received(intentSchema, data.object)) : null };
}

function verified(rawBody: Buffer, signature: string): unknown {
  try {
    assertNotFromTheFuture(signature);
    return stripe().webhooks.constructEvent(rawBody, signature, config.payments.webhookSecret);
  } catch (error) {
    throw new AppError('webhook_signature_invalid', { cause: error });
  }
}

/** The SDK refuses old timestamps only. */
function assertNotFromTheFuture(signature: string): void {
  const seconds = Number(/(?:^|,)t=(\d+)/.exec(signature)?.[1] ?? 0);
  if (seconds * 1000 > nowMs() + TOLERANCE_MS) throw new Error('the timestamp lies in the future');
}

/** A refusal is answered by asking where the intent stands; only what may pass (network, the vendor's own faults) goes up. */
async function orCurrentState(intentId: string, act: () => Promise<Stripe.PaymentIntent>): Promise<ProviderRecord> {
  try {
    return toRecord(await act());
  } catch (error) {
    const isRefusal =
      error instanceof Stripe.errors.StripeInvalidRequestError || error instanceof Stripe.errors.StripeCardError;
    if (!isRefusal) throw error;
    return retrieveIntent(intentId);
  }
}

const STATUSES = new Map<string, ProviderStatus>([
  ['requires_payment_method', 'requires_payment'],
  ['requires_confirmation', 'requires_payment'],
  ['processing', 'requires_payment'],
  ['requires_action', 'requires_action'],
  ['requires_capture', 'authorized'],
  ['succeeded', 'captured'],
  ['canceled', 'voided'],
]);

/** An answer of the provider. @throws Error for a form we do not know: a fault that may pass, not the client's */
function toRecord(answer: unknown): ProviderRecord {
  const intent = intentSchema.safeParse(answer);
  if (!intent.success) throw new Error('the payment provider answered in an unknown form', { cause: intent.error });
  return recordOf(intent.data);
}

function recordOf(intent: z.output<typeof intentSchema>): ProviderRecord {
  return {
    intentId: intent.id,
    paymentId: intent.metadata['paymentId'] ?? null,
    orderId: intent.metadata['orderId'] ?? null,
    status: STATUSES.get(intent.status) ?? 'requires_payment',
    amountMinor: intent.amount,
    currency: intent.currency.toUpperCase(),
    amountCapturableMinor: intent.amount_capturable,
    amountCapturedMinor: intent.amount_received,
    isLive: intent.livemode,
    clientSecret: intent.client_secret,
    failureCode: intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code ?? null,
  };
}

/** What was sent to us. @throws AppError `validation_failed` */
function received<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('validation_failed', { details: fieldProblems(result.error), cause: result.error });
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
