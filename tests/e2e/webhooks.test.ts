import { Stripe } from 'stripe';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { localCloud } from '../setup/with-local-cloud.ts';
import { clearFaults, setFaults } from '../../scripts/local-cloud/control-client.ts';
import { nowMs } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';
import { PaymentModel } from '../../src/modules/payments/payment.model.ts';
import { WebhookEventModel } from '../../src/modules/payments/webhook-event.model.ts';
import { atOnce } from '../support/at-once.ts';
import { saffronTable, useCity, type Restaurant } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import {
  bookOf,
  pay,
  placeOrder,
  sendWebhooksTo,
  storedLog,
  storedOrder,
  storedOutbox,
  storedPayment,
  webhookUrlOf,
} from '../support/order-path.ts';
import { metricOf, startApi, type ApiProcess } from '../support/processes.ts';

const AUTHORIZED = 'payment_intent.amount_capturable_updated';
const TWENTY = 20;
const TOO_OLD_SECONDS = 301;

let apis: ApiProcess[];
let bases: string[];
let restaurant: Restaurant;
let stripe: Stripe;

useCity();
beforeAll(async () => {
  // No worker: nothing but the webhook moves the order.
  apis = await Promise.all([startApi(), startApi()]);
  bases = apis.map(({ base }) => base);
  restaurant = await saffronTable();
  const { hostname, port } = new URL(localCloud.stripeUrl);
  stripe = new Stripe(localCloud.env['STRIPE_SECRET_KEY'] ?? '', { host: hostname, port, protocol: 'http' });
});
beforeEach(async () => {
  await clearFaults(localCloud.stripeUrl);
  await setFaults(localCloud.stripeUrl, { webhooks: { hold: true } });
});

interface Received {
  status: number;
  body: { received?: boolean; result?: string; error?: { code: string } };
}

async function deliver(base: string, payload: string, signature: string | null): Promise<Received> {
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

function signed(payload: string, ageSeconds = 0): string {
  return stripe.webhooks.generateTestHeaderString({
    payload,
    secret: localCloud.env['STRIPE_WEBHOOK_SECRET'] ?? '',
    timestamp: Math.floor(nowMs() / 1000) - ageSeconds,
  });
}

/** What the provider wrote down about the order and holds back, oldest first. */
async function heldEvents(orderId: string): Promise<Stripe.Event[]> {
  const { id } = await bookOf(orderId);
  const { data } = await stripe.events.list({ limit: 100 });
  return data.filter(({ data: { object } }) => 'id' in object && object.id === id).reverse();
}

async function authorizedEvent(orderId: string): Promise<Stripe.Event> {
  const event = (await heldEvents(orderId)).find(({ type }) => type === AUTHORIZED);
  if (event === undefined) throw new Error('the provider wrote no such event');
  return event;
}

function sendTwentyTimes(event: Stripe.Event): Promise<Received[]> {
  const payload = JSON.stringify(event);
  const signature = signed(payload);
  return atOnce(bases, TWENTY, (index) => deliver(bases[index % 2] ?? '', payload, signature));
}

it('an event sent twenty times at once over two APIs has one effect', async () => {
  const { order } = await placeOrder(bases[0] ?? '', restaurant);
  await pay(order);
  const event = await authorizedEvent(order.id);
  const answers = await sendTwentyTimes(event);

  expect(answers.map(({ status }) => status)).toEqual(Array(TWENTY).fill(200));
  const results = answers.map(({ body }) => body.result).sort();
  expect(results).toEqual(['applied', ...Array<string>(19).fill('duplicate')]);
  expect(await storedLog(order.id)).toEqual(['order.created', 'payment.authorized', 'order.placed']);
  expect(await storedOrder(order.id)).toMatchObject({ status: 'placed', paymentStatus: 'authorized' });
  expect(await storedPayment(order.id)).toMatchObject({ status: 'authorized', amountCapturedMinor: 0 });
  expect(await WebhookEventModel.find({ _id: event.id }).lean()).toMatchObject([{ result: 'applied' }]);
  expect((await storedOutbox(order.id)).map((row) => row.event).sort()).toEqual([
    'order.created',
    'order.placed',
    'payment.authorized',
  ]);
  expect(await bookOf(order.id)).toMatchObject({ authorized: order.payment.amount.amount, captured: 0 });
});

it('events in reverse order, each twenty times, leave the order where the newest leaves it', async () => {
  const { order } = await placeOrder(bases[0] ?? '', restaurant);
  expect(await pay(order, 'pm_card_visa_chargeDeclined')).toMatchObject({ ok: false });
  expect(await pay(order)).toMatchObject({ ok: true });
  const events = (await heldEvents(order.id)).reverse();
  expect(events.map(({ type }) => type)).toEqual([
    AUTHORIZED,
    'payment_intent.payment_failed',
    'payment_intent.created',
  ]);

  for (const event of events) {
    const answers = await sendTwentyTimes(event);
    expect(answers.map(({ status }) => status)).toEqual(Array(TWENTY).fill(200));
  }
  expect(await storedLog(order.id)).toEqual(['order.created', 'payment.authorized', 'order.placed']);
  expect(await storedOrder(order.id)).toMatchObject({ status: 'placed', paymentStatus: 'authorized' });
  expect(await storedPayment(order.id)).toMatchObject({ status: 'authorized', failureCode: null });
});

it('all events of an order at once, each copied and shuffled by the provider, place it once', async () => {
  await setFaults(localCloud.stripeUrl, { webhooks: { copies: 5, reorderWindowMs: 50 } });
  sendWebhooksTo(bases[1] ?? '');
  const { order } = await placeOrder(bases[0] ?? '', restaurant);
  await pay(order);
  await eventually(async () => {
    expect((await storedOrder(order.id)).status).toBe('placed');
  });
  expect(await storedLog(order.id)).toEqual(['order.created', 'payment.authorized', 'order.placed']);
});

type Change = (intent: Record<string, unknown> & { metadata: Record<string, string> }) => void;

const mismatches: [field: string, change: Change][] = [
  ['amount', (intent) => (intent['amount'] = Number(intent['amount']) - 1)],
  ['currency', (intent) => (intent['currency'] = 'usd')],
  ['order', (intent) => (intent.metadata['orderId'] = newId())],
  ['payment', (intent) => (intent.metadata['paymentId'] = newId())],
  ['intent', (intent) => (intent['id'] = 'pi_somebody_elses')],
];

it.each(mismatches)(
  'an event whose %s does not match changes nothing, is set aside and raises the alarm',
  async (field, change) => {
    const { order } = await placeOrder(bases[0] ?? '', restaurant);
    await pay(order);
    const event = structuredClone(await authorizedEvent(order.id));
    event.id = `evt_${newId()}`;
    change(event.data.object as unknown as Parameters<Change>[0]);
    const before = { order: await storedOrder(order.id), payments: await PaymentModel.find().lean() };
    const [api] = apis as [ApiProcess];
    const sample = `quickbite_reconciliation_mismatches_total{field="${field}"}`;
    const alarmsBefore = await metricOf(api, sample);

    const payload = JSON.stringify(event);
    const answer = await deliver(api.base, payload, signed(payload));
    expect(answer).toEqual({ status: 200, body: { received: true, result: 'quarantined' } });
    expect({ order: await storedOrder(order.id), payments: await PaymentModel.find().lean() }).toEqual(before);
    expect(await storedLog(order.id)).toEqual(['order.created']);
    expect(await WebhookEventModel.findById(event.id).lean()).toMatchObject({ result: 'quarantined' });
    expect(await metricOf(api, sample)).toBe(alarmsBefore + 1);
  },
);

it('a bad, missing or old signature is refused, and nothing is remembered of the event', async () => {
  const { order } = await placeOrder(bases[0] ?? '', restaurant);
  await pay(order);
  const event = await authorizedEvent(order.id);
  const payload = JSON.stringify(event);
  const signatures = {
    missing: null,
    empty: '',
    nonsense: 'v1=nonsense',
    'of another body': signed(`${payload} `),
    'of another secret': stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_another' }),
    old: signed(payload, TOO_OLD_SECONDS),
  };
  for (const [name, signature] of Object.entries(signatures)) {
    const answer = await deliver(bases[0] ?? '', payload, signature);
    expect([name, answer.status, answer.body.error?.code]).toEqual([name, 400, 'webhook_signature_invalid']);
  }
  expect(await storedLog(order.id)).toEqual(['order.created']);
  expect(await WebhookEventModel.countDocuments({ _id: event.id })).toBe(0);
});
