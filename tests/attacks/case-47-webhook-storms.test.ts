import '../setup/with-local-cloud.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OrderRecord } from '../../src/modules/orders/index.ts';
import { WebhookEventModel } from '../../src/modules/payments/webhook-event.model.ts';
import { newId } from '../../src/shared/ids.ts';
import { createOrderIn, getStoredOrder } from '../factories/order.ts';
import { createCapturedOrder, createRefund } from '../factories/refund.ts';
import { atOnce } from '../support/at-once.ts';
import { useCity } from '../support/city.ts';
import { expectSoundOrder } from '../support/order-log.ts';
import { storedPayment } from '../support/order-path.ts';
import { metricOf, startApi, type ApiProcess } from '../support/processes.ts';
import { authorizedEvent, deliver, eventText, sign, type Received } from '../support/stripe-events.ts';

const FIFTY = 50;
const MISMATCHES = 'quickbite_reconciliation_mismatches_total';

let apis: ApiProcess[];
let bases: string[];

useCity();
beforeAll(async () => {
  // No worker: nothing but the webhook moves an order.
  apis = await Promise.all([startApi(), startApi()]);
  bases = apis.map(({ base }) => base);
});

function storm(payload: string): Promise<Received[]> {
  const signature = sign(payload);
  return atOnce(bases, FIFTY, (index) => deliver(bases[index % 2] ?? '', payload, signature));
}

function send(payload: string, index = 0): Promise<Received> {
  return deliver(bases[index % 2] ?? '', payload, sign(payload));
}

async function alarmsOf(field: string): Promise<number> {
  const counts = await Promise.all(apis.map((api) => metricOf(api, `${MISMATCHES}{field="${field}"}`)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function snapshot({ _id }: OrderRecord): Promise<unknown[]> {
  return [await getStoredOrder(_id), await storedPayment(_id)];
}

/** What the provider says of one refund. */
function refundEvent(order: OrderRecord, refundId: string, changes: object = {}): string {
  return eventText('refund.updated', {
    object: {
      ...{ id: `re_${newId()}`, object: 'refund', amount: 1_000, currency: 'inr', status: 'succeeded' },
      ...{ payment_intent: `pi_${order._id}`, metadata: { refundId, attempt: '1' } },
      ...changes,
    },
  });
}

function succeededEvent(order: OrderRecord): string {
  const amount = order.pricing.totalMinor;
  return authorizedEvent(order, {
    intent: { status: 'succeeded', amount_capturable: 0, amount_received: amount },
    event: { type: 'payment_intent.succeeded' },
  });
}

describe('case 47: the same event', () => {
  it('fifty times at once on two processes has one effect', async () => {
    const order = await createOrderIn('pending_payment');
    const answers = await storm(authorizedEvent(order));
    expect(answers.map(({ status }) => status)).toEqual(Array(FIFTY).fill(200));
    const results = answers.map(({ body }) => body.result).sort();
    expect(results).toEqual(['applied', ...Array<string>(FIFTY - 1).fill('duplicate')]);
    expect(await expectSoundOrder(order._id)).toHaveLength(3);
    expect((await getStoredOrder(order._id)).status).toBe('placed');
  });

  it('of a refund fifty times at once is one refund', async () => {
    const order = await createCapturedOrder();
    const { _id } = await createRefund(order);
    await storm(refundEvent(order, _id));
    expect(await storedPayment(order._id)).toMatchObject({
      ...{ status: 'partially_refunded', amountRefundedMinor: 1_000, pendingRefundMinor: 0 },
    });
    const log = await expectSoundOrder(order._id);
    expect(log.filter(({ type }) => type === 'payment.refunded')).toHaveLength(1);
  });
});

describe('case 47: events in any order', () => {
  it('`refunded` before `succeeded` stays refunded', async () => {
    const order = await createCapturedOrder();
    const { _id } = await createRefund(order, { amountMinor: order.pricing.totalMinor });
    expect((await send(refundEvent(order, _id, { amount: order.pricing.totalMinor }))).body.result).toBe('applied');
    const before = await snapshot(order);
    expect(await send(succeededEvent(order), 1)).toMatchObject({ status: 200, body: { result: 'unchanged' } });
    expect(await send(authorizedEvent(order), 1)).toMatchObject({ status: 200, body: { result: 'unchanged' } });
    expect(await snapshot(order)).toEqual(before);
    expect(await storedPayment(order._id)).toMatchObject({ status: 'refunded' });
  });

  it('a refund that is told of before its payment was captured waits for nobody and takes nothing', async () => {
    const order = await createOrderIn('pending_payment');
    const before = await snapshot(order);
    expect((await send(refundEvent(order, newId()))).body.result).toBe('quarantined');
    expect(await snapshot(order)).toEqual(before);
    expect((await send(succeededEvent(order))).body.result).toBe('applied');
    expect((await getStoredOrder(order._id)).status).toBe('placed');
  });
});

describe('case 47: what does not fit is answered, kept out, and alarms', () => {
  const MISFITS: [string, (order: OrderRecord) => string, string][] = [
    ['another amount', (order) => authorizedEvent(order, { intent: { amount: 1, amount_capturable: 1 } }), 'amount'],
    ['another currency', (order) => authorizedEvent(order, { intent: { currency: 'usd' } }), 'currency'],
    [
      'an unknown order',
      (order) => authorizedEvent(order, { intent: { metadata: { paymentId: order.paymentId, orderId: newId() } } }),
      'order',
    ],
    [
      'an unknown payment',
      (order) => authorizedEvent(order, { intent: { metadata: { paymentId: newId(), orderId: order._id } } }),
      'payment',
    ],
    ['no word of ours', (order) => authorizedEvent(order, { intent: { metadata: {} } }), 'payment'],
    ['the other mode', (order) => authorizedEvent(order, { event: { livemode: true } }), 'mode'],
    [
      'less held than agreed',
      (order) => authorizedEvent(order, { intent: { amount_capturable: order.pricing.totalMinor - 1 } }),
      'sum',
    ],
    ['a refund that is not ours', (order) => refundEvent(order, newId()), 'refund'],
    [
      'a dispute of nothing',
      () =>
        eventText('charge.dispute.created', {
          object: {
            ...{ id: `dp_${newId()}`, object: 'dispute', amount: 1, currency: 'inr', reason: 'fraudulent' },
            ...{ status: 'needs_response', payment_intent: `pi_${newId()}` },
          },
        }),
      'dispute',
    ],
  ];

  it.each(MISFITS)('%s', async (_, eventOf, field) => {
    const order = await createOrderIn('pending_payment');
    const [before, alarms] = [await snapshot(order), await alarmsOf(field)];
    const payload = eventOf(order);
    expect(await send(payload)).toMatchObject({ status: 200, body: { result: 'quarantined' } });
    expect(await send(payload, 1)).toMatchObject({ status: 200, body: { result: 'duplicate' } });
    expect(await snapshot(order)).toEqual(before);
    expect(await alarmsOf(field)).toBe(alarms + 1);
    const { id } = JSON.parse(payload) as { id: string };
    expect(await WebhookEventModel.findById(id).lean()).toMatchObject({ result: 'quarantined' });
  });

  it('a refund by another hand, which only the sum of the charge shows', async () => {
    const order = await createCapturedOrder();
    const object = { id: 'ch_1', object: 'charge', payment_intent: `pi_${order._id}`, amount_refunded: 1 };
    expect(await send(eventText('charge.refunded', { object }))).toMatchObject({ body: { result: 'quarantined' } });
  });
});
