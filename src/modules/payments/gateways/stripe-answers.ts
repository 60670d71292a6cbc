import { z } from 'zod';
import type {
  ProviderCard,
  ProviderDispute,
  ProviderRecord,
  ProviderRefund,
  ProviderStatus,
} from './provider-record.ts';

/** What we read of the provider's objects; the SDK's types describe the vendor's promise, these check it. */

const metadata = z.record(z.string(), z.string());
/** A reference, or the object in its place. */
const reference = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish();

const STATUSES = new Map<string, ProviderStatus>([
  ['requires_payment_method', 'requires_payment'],
  ['requires_confirmation', 'requires_payment'],
  ['processing', 'requires_payment'],
  ['requires_action', 'requires_action'],
  ['requires_capture', 'authorized'],
  ['succeeded', 'captured'],
  ['canceled', 'voided'],
]);

export const intentSchema = z
  .object({
    id: z.string(),
    status: z.string(),
    amount: z.int(),
    amount_capturable: z.int(),
    amount_received: z.int(),
    currency: z.string(),
    client_secret: z.string().nullable(),
    livemode: z.boolean(),
    metadata,
    last_payment_error: z.object({ code: z.string().optional(), decline_code: z.string().optional() }).nullish(),
  })
  .transform((intent): ProviderRecord => ({
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
  }));

const REFUND_STATUSES = new Map<string, ProviderRefund['status']>([
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);

export const refundSchema = z
  .object({
    id: z.string(),
    status: z.string().nullable(),
    amount: z.int(),
    currency: z.string(),
    payment_intent: reference,
    metadata: metadata.nullish(),
    failure_reason: z.string().nullish(),
  })
  .transform((refund): ProviderRefund => ({
    providerRefundId: refund.id,
    refundId: refund.metadata?.['refundId'] ?? null,
    attempt: Number(refund.metadata?.['attempt'] ?? 1),
    intentId: refund.payment_intent ?? null,
    amountMinor: refund.amount,
    currency: refund.currency.toUpperCase(),
    status: REFUND_STATUSES.get(refund.status ?? '') ?? 'processing',
    failureCode: refund.failure_reason ?? null,
  }));

export const chargeSchema = z
  .object({ payment_intent: reference, amount_refunded: z.int() })
  .transform((charge) => ({ intentId: charge.payment_intent ?? null, amountRefundedMinor: charge.amount_refunded }));

const DISPUTE_STATUSES = new Map<string, ProviderDispute['status']>([
  ['won', 'won'],
  ['lost', 'lost'],
  ['warning_needs_response', 'inquiry'],
  ['warning_under_review', 'inquiry'],
  ['warning_closed', 'inquiry'],
]);

export const disputeSchema = z
  .object({
    id: z.string(),
    payment_intent: reference,
    amount: z.int(),
    currency: z.string(),
    reason: z.string(),
    status: z.string(),
  })
  .transform((dispute): ProviderDispute => ({
    disputeId: dispute.id,
    intentId: dispute.payment_intent ?? null,
    amountMinor: dispute.amount,
    currency: dispute.currency.toUpperCase(),
    reason: dispute.reason,
    status: DISPUTE_STATUSES.get(dispute.status) ?? 'open',
  }));

export const savedCardSchema = z
  .object({
    status: z.literal('succeeded'),
    customer: z.string(),
    metadata,
    payment_method: z.object({
      id: z.string(),
      card: z.object({ brand: z.string(), last4: z.string(), exp_month: z.int(), exp_year: z.int() }),
    }),
  })
  .transform(({ customer, metadata: { userId = null }, payment_method: { id, card } }): ProviderCard => ({
    ...{ userId, providerCustomerId: customer, paymentMethodId: id },
    ...{ brand: card.brand, last4: card.last4, expMonth: card.exp_month, expYear: card.exp_year },
  }));

/** An answer of the provider. @throws Error for a form we do not know: a fault that may pass, not the client's */
export function understood<T>(schema: z.ZodType<T>, answer: unknown): T {
  const result = schema.safeParse(answer);
  if (!result.success) throw new Error('the payment provider answered in an unknown form', { cause: result.error });
  return result.data;
}
