import { Stripe } from 'stripe';
import { nowMs } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';
import type { OrderRecord } from '../../src/modules/orders/index.ts';
import { localCloud } from '../setup/with-local-cloud.ts';
import { webhookUrlOf } from './order-path.ts';

/** Webhooks of the provider by our own hand: any content, any signature, to any of our processes. */

const stripe = new Stripe('sk_test_unused');

export interface Received {
  status: number;
  body: { received?: boolean; result?: string; error?: { code: string } };
}

export async function deliver(base: string, payload: string, signature: string | null): Promise<Received> {
  const response = await fetch(webhookUrlOf(base), {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(signature === null ? {} : { 'Stripe-Signature': signature }),
    },
    body: payload,
  });
  return { status: response.status, body: (await response.json()) as Received['body'] };
}

export function nowSeconds(): number {
  return Math.floor(nowMs() / 1000);
}

interface Signing {
  secret?: string;
  /** Negative: from the future. */
  ageSeconds?: number;
}

export function sign(payload: string, { secret, ageSeconds = 0 }: Signing = {}): string {
  return stripe.webhooks.generateTestHeaderString({
    payload,
    secret: secret ?? localCloud.env['STRIPE_WEBHOOK_SECRET'] ?? '',
    timestamp: nowSeconds() - ageSeconds,
  });
}

type Payable = Pick<OrderRecord, '_id' | 'paymentId' | 'currency' | 'pricing'>;

/** What the provider says when the money is held, as text: the signature is over these bytes. */
export function authorizedEvent(order: Payable, changes: { intent?: object; event?: object } = {}): string {
  const amount = order.pricing.totalMinor;
  return eventText('payment_intent.amount_capturable_updated', {
    object: {
      ...{ id: `pi_${order._id}`, object: 'payment_intent', status: 'requires_capture', amount },
      ...{ currency: order.currency.toLowerCase(), amount_capturable: amount, amount_received: 0 },
      ...{ client_secret: 'pi_secret_x', last_payment_error: null, livemode: false, capture_method: 'manual' },
      metadata: { paymentId: order.paymentId, orderId: order._id },
      ...changes.intent,
    },
    ...changes.event,
  });
}

/** Any event, around any object. */
export function eventText(type: string, { object, ...changes }: { object: object; [key: string]: unknown }): string {
  const event = { id: `evt_${newId()}`, object: 'event', type, livemode: false, created: nowSeconds() };
  return JSON.stringify({ ...event, data: { object }, ...changes });
}
