import { z } from 'zod';
import { config } from '../../../config/index.ts';
import { AppError, fieldProblems } from '../../../errors/index.ts';
import { nowMs } from '../../../shared/clock.ts';
import type { ProviderEvent, ProviderNews } from './provider-record.ts';
import { chargeSchema, disputeSchema, intentSchema, refundSchema } from './stripe-answers.ts';
import { stripe } from './stripe-client.ts';

const TOLERANCE_SECONDS = 300;

const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  livemode: z.boolean(),
  data: z.object({ object: z.unknown() }),
});

/**
 * Checks the signature over the raw bytes and its age, then the form.
 * @throws AppError `webhook_signature_invalid`, `validation_failed`
 */
export function readWebhook(rawBody: Buffer, signature: string): ProviderEvent {
  const { id, type, livemode, data } = received(eventSchema, verified(rawBody, signature));
  return { id, type, isLive: livemode, news: newsOf(type, data.object) };
}

function newsOf(type: string, object: unknown): ProviderNews {
  if (type.startsWith('payment_intent.')) return { kind: 'intent', record: received(intentSchema, object) };
  if (type.startsWith('refund.') || type === 'charge.refund.updated')
    return { kind: 'refund', refund: received(refundSchema, object) };
  if (type === 'charge.refunded') return { kind: 'charge', ...received(chargeSchema, object) };
  if (type.startsWith('charge.dispute.')) return { kind: 'dispute', dispute: received(disputeSchema, object) };
  if (type === 'setup_intent.succeeded')
    return { kind: 'card_saved', setupIntentId: received(z.object({ id: z.string() }), object).id };
  return { kind: 'other' };
}

/** While secrets are rotated the one before counts, too. */
function verified(rawBody: Buffer, signature: string): unknown {
  const { webhookSecret, previousWebhookSecret } = config.payments;
  const secrets = [webhookSecret, previousWebhookSecret].filter((secret) => secret !== '');
  const failures: unknown[] = [];
  for (const secret of secrets) {
    try {
      assertNotFromTheFuture(signature);
      return stripe().webhooks.constructEvent(rawBody, signature, secret, TOLERANCE_SECONDS);
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AppError('webhook_signature_invalid', { cause: failures[0] });
}

/** The SDK refuses old timestamps only. */
function assertNotFromTheFuture(signature: string): void {
  const seconds = Number(/(?:^|,)t=(\d+)/.exec(signature)?.[1] ?? 0);
  if (seconds * 1000 > nowMs() + TOLERANCE_SECONDS * 1000) throw new Error('the timestamp lies in the future');
}

/** What was sent to us. @throws AppError `validation_failed` */
function received<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('validation_failed', { details: fieldProblems(result.error), cause: result.error });
}
