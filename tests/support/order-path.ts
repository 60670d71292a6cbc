import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Order, PlacedOrder, Quote } from '../../scripts/demo/bodies.ts';
import type { Answer, Player } from '../../scripts/demo/player.ts';
import { book, payWithCard, type BookReport, type PaymentResult } from '../../scripts/local-cloud/control-client.ts';
import { OutboxModel, type OutboxRow } from '../../src/infra/queue/outbox.model.ts';
import { OrderEventModel } from '../../src/modules/orders/order-event.model.ts';
import { OrderModel, type OrderRecord } from '../../src/modules/orders/order.model.ts';
import { PaymentModel, type PaymentRecord } from '../../src/modules/payments/payment.model.ts';
import { localCloud } from '../setup/with-local-cloud.ts';
import { DOOR, newPerson, type Restaurant } from './city.ts';
import { eventually } from './eventually.ts';

/** The steps of an order over the public API, and what is written about it in the database and in the provider's book. */

export async function takeQuote(customer: Player, { restaurantId, itemId }: Restaurant): Promise<Quote> {
  await customer.call('POST', '/cart/items', { body: { restaurantId, itemId, quantity: 3, optionIds: [] } });
  return (await customer.call<Quote>('POST', '/quotes', { body: { address: DOOR, tipMinor: 0 } })).body;
}

export function tryPlacing(
  customer: Player,
  quoteId: string,
  key: string = randomUUID(),
): Promise<Answer<PlacedOrder>> {
  return customer.try<PlacedOrder>('POST', '/orders', {
    body: { quoteId, paymentMethod: 'card' },
    idempotencyKey: key,
  });
}

/** A new customer's order, not paid yet. */
export async function placeOrder(
  base: string,
  restaurant: Restaurant,
): Promise<{ order: PlacedOrder; customer: Player }> {
  const customer = (await newPerson()).at(base);
  const quote = await takeQuote(customer, restaurant);
  const answer = await tryPlacing(customer, quote.id);
  expect(answer.status).toBe(201);
  return { order: answer.body, customer };
}

export function pay(order: PlacedOrder, paymentMethod = 'pm_card_visa'): Promise<PaymentResult> {
  const { clientSecret, publishableKey } = order.payment;
  if (clientSecret === null) throw new Error('the provider gave no client secret');
  return payWithCard({ stripeUrl: localCloud.stripeUrl, publishableKey, clientSecret, paymentMethod });
}

/** A new customer's order that the restaurant may accept. */
export async function placePaidOrder(
  base: string,
  restaurant: Restaurant,
): Promise<{ order: PlacedOrder; customer: Player }> {
  const placed = await placeOrder(base, restaurant);
  expect(await pay(placed.order)).toMatchObject({ ok: true });
  await eventually(async () => {
    expect((await storedOrder(placed.order.id)).status).toBe('placed');
  });
  return placed;
}

export function tryAccepting(owner: Player, orderId: string, prepMinutes = 5): Promise<Answer<Order>> {
  return owner.try<Order>('POST', `/orders/${orderId}/accept`, {
    body: { prepMinutes },
    idempotencyKey: randomUUID(),
  });
}

export async function storedOrder(orderId: string): Promise<OrderRecord> {
  const order = await OrderModel.findById(orderId).lean();
  if (order === null) throw new Error(`no order ${orderId}`);
  return order;
}

export async function storedPayment(orderId: string): Promise<PaymentRecord> {
  const payment = await PaymentModel.findOne({ orderId, tipNumber: 0 }).lean();
  if (payment === null) throw new Error(`no payment of order ${orderId}`);
  return payment;
}

/** The types of the order's log. Fails where its seqs have a gap or a double. */
export async function storedLog(orderId: string): Promise<string[]> {
  // The order first: an event that comes between the two reads is the next call's.
  const { eventSeq } = await storedOrder(orderId);
  const all = await OrderEventModel.find({ orderId }).sort({ seq: 1 }).lean();
  const events = all.slice(0, eventSeq);
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: eventSeq }, (_, index) => index + 1));
  return events.map(({ type }) => type);
}

/** The outbox rows of an order, oldest first. */
export function storedOutbox(orderId: string): Promise<OutboxRow[]> {
  return OutboxModel.find({ 'payload.orderId': orderId }).sort({ createdAt: 1, _id: 1 }).lean().exec();
}

type IntentReport = BookReport['perIntent'][number];

/** What the provider's book says of an order; fails unless it is exactly one intent. */
export async function bookOf(orderId: string): Promise<IntentReport> {
  const { perIntent } = await book(localCloud.stripeUrl);
  const [intent, ...others] = perIntent.filter(({ metadata }) => metadata['orderId'] === orderId);
  if (intent === undefined || others.length > 0) {
    throw new Error(`the book has ${intent === undefined ? 0 : others.length + 1} intents for order ${orderId}`);
  }
  return intent;
}

/** Waits until every promise made about the order is kept. */
export async function outboxDone(orderId: string, timeoutMs?: number): Promise<void> {
  await eventually(async () => {
    const open = (await storedOutbox(orderId)).filter(({ doneAt }) => doneAt === null);
    expect(open.map(({ event, subscribers, doneBy }) => ({ event, subscribers, doneBy }))).toEqual([]);
  }, timeoutMs);
}

/** Points the provider's webhooks at this API. */
export function sendWebhooksTo(base: string): void {
  localCloud.setWebhookUrl(webhookUrlOf(base));
}

export function webhookUrlOf(base: string): string {
  return `${base}/api/v1/webhooks/payments/stripe`;
}
