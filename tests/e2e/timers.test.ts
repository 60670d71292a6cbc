import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { localCloud } from '../setup/with-local-cloud.ts';
import { clearFaults, releaseWebhooks, setFaults } from '../../scripts/local-cloud/control-client.ts';
import { TimerModel } from '../../src/infra/timers/timer.model.ts';
import { DeliveryModel } from '../../src/modules/deliveries/delivery.model.ts';
import { DISPATCH_TIMER } from '../../src/modules/deliveries/timer-kinds.ts';
import { ACCEPT_TIMER, PAY_TIMER } from '../../src/modules/orders/index.ts';
import { expireOrderUnlessPaid } from '../../src/modules/payments/payments.service.ts';
import { now, nowMs } from '../../src/shared/clock.ts';
import { saffronTable, useCity, type Restaurant } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import {
  bookOf,
  outboxDone,
  pay,
  placeOrder,
  placePaidOrder,
  sendWebhooksTo,
  storedLog,
  storedOrder,
  storedOutbox,
  storedPayment,
  tryAccepting,
} from '../support/order-path.ts';
import { startApi, startWorker } from '../support/processes.ts';
import { delayedJobs, deleteTimerJobs, useQueues } from '../support/queues.ts';

const SETTINGS = { SWEEP_INTERVAL_SECONDS: '1', OUTBOX_RETRY_SECONDS: '2' };

let base: string;
let restaurant: Restaurant;

useCity();
useQueues();
beforeAll(async () => {
  base = (await startApi(SETTINGS)).base;
  sendWebhooksTo(base);
  restaurant = await saffronTable();
});
afterEach(() => clearFaults(localCloud.stripeUrl));

/** The alarm was there, is deleted, and nothing but the row in MongoDB is left. */
async function loseAlarm(kind: string, subjectId: string): Promise<void> {
  let deleted = 0;
  // It is set after the commit, which may be seen before.
  await eventually(async () => {
    deleted += await deleteTimerJobs();
    expect(deleted).toBeGreaterThan(0);
    expect(await delayedJobs('timer')).toBe(0);
  });
  const timer = await TimerModel.findOne({ kind, subjectId }).lean();
  expect(timer?.dueAt.getTime()).toBeGreaterThan(nowMs());
}

/** Its minutes have gone by. */
async function comeDue(kind: string, subjectId: string): Promise<void> {
  const { matchedCount } = await TimerModel.updateOne({ kind, subjectId }, { $set: { dueAt: now() } });
  expect(matchedCount).toBe(1);
}

async function assertReleased(orderId: string): Promise<void> {
  await outboxDone(orderId, 30_000);
  await eventually(async () => {
    expect((await storedPayment(orderId)).status).toBe('voided');
  });
  expect((await storedOrder(orderId)).status).toBe('expired');
  const { status, captured, authorized, released } = await bookOf(orderId);
  expect({ status, captured, released }).toEqual({ status: 'canceled', captured: 0, released: authorized });
}

it('money that comes after the order has expired is given back, and the order stays expired', async () => {
  const { order } = await placeOrder(base, restaurant);
  // No worker yet: the order expires, and nobody cancels the intent before the customer pays it.
  await expireOrderUnlessPaid(order.id);
  expect((await storedOrder(order.id)).status).toBe('expired');
  expect(await pay(order)).toMatchObject({ ok: true });
  await eventually(async () => {
    expect((await storedOutbox(order.id)).map(({ event }) => event)).toContain('payment.unsettled');
  });
  expect(await bookOf(order.id)).toMatchObject({ authorized: order.payment.amount.amount, released: 0 });

  const worker = await startWorker(SETTINGS);
  await assertReleased(order.id);
  expect(await storedLog(order.id)).toEqual([
    ...['order.created', 'order.payment_expired', 'payment.authorized', 'payment.voided'],
  ]);
  await worker.end('SIGTERM');
});

describe('with its alarm deleted from Redis', () => {
  beforeAll(async () => {
    await startWorker(SETTINGS);
  });

  it('T1 expires an unpaid order, and its intent is cancelled', async () => {
    const { order } = await placeOrder(base, restaurant);
    await loseAlarm(PAY_TIMER, order.id);
    await comeDue(PAY_TIMER, order.id);
    await eventually(async () => {
      expect((await storedOrder(order.id)).status).toBe('expired');
    });
    await assertReleased(order.id);
    expect(await storedLog(order.id)).toEqual(['order.created', 'order.payment_expired', 'payment.voided']);
    expect(await pay(order)).toMatchObject({ ok: false });
  });

  it('T1 that crosses a payment whose webhook is late places the order', async () => {
    await setFaults(localCloud.stripeUrl, { webhooks: { hold: true } });
    const { order } = await placeOrder(base, restaurant);
    await loseAlarm(PAY_TIMER, order.id);
    expect(await pay(order)).toMatchObject({ ok: true });
    expect((await storedOrder(order.id)).status).toBe('pending_payment');
    await comeDue(PAY_TIMER, order.id);
    await eventually(async () => {
      expect((await storedOrder(order.id)).status).toBe('placed');
    });
    expect(await TimerModel.countDocuments({ kind: PAY_TIMER, subjectId: order.id })).toBe(0);

    expect((await tryAccepting(restaurant.owner.at(base), order.id)).status).toBe(200);
    expect(await releaseWebhooks(localCloud.stripeUrl)).toBeGreaterThan(0);
    await outboxDone(order.id);
    const log = await storedLog(order.id);
    expect(log.slice(0, 4)).toEqual(['order.created', 'payment.authorized', 'order.placed', 'order.accepted']);
    expect(log).not.toContain('order.payment_expired');
    expect((await bookOf(order.id)).captureCount).toBe(1);
  });

  it('T1 whose order is paid while the answer of the provider is on its way gives the money back', async () => {
    await setFaults(localCloud.stripeUrl, {
      requests: [{ kind: 'hang_after', method: 'GET', path: '/v1/payment_intents/', ms: 3000 }],
      webhooks: { hold: true },
    });
    const { order } = await placeOrder(base, restaurant);
    await loseAlarm(PAY_TIMER, order.id);
    await comeDue(PAY_TIMER, order.id);
    // The provider has taken its stale picture as soon as the fault is used up.
    await eventually(async () => {
      const faults = await setFaults(localCloud.stripeUrl, {});
      expect(faults.requests).toEqual([]);
    });
    expect(await pay(order)).toMatchObject({ ok: true });
    await eventually(async () => {
      expect((await storedOrder(order.id)).status).toBe('expired');
    });
    await releaseWebhooks(localCloud.stripeUrl);
    await assertReleased(order.id);
  });

  it('T2 expires an order that nobody answered, and the hold is released', async () => {
    const { order } = await placePaidOrder(base, restaurant);
    await loseAlarm(ACCEPT_TIMER, order.id);
    await comeDue(ACCEPT_TIMER, order.id);
    await eventually(async () => {
      expect((await storedOrder(order.id)).status).toBe('expired');
    });
    await assertReleased(order.id);
    expect(await storedLog(order.id)).toContain('order.accept_expired');
  });

  it('T4 starts the offers of an accepted order', async () => {
    const { order } = await placePaidOrder(base, restaurant);
    expect((await tryAccepting(restaurant.owner.at(base), order.id, 10)).status).toBe(200);
    const deliveryId = await eventually(async () => {
      const delivery = await DeliveryModel.findOne({ orderId: order.id }).lean();
      expect(delivery?.status).toBe('unassigned');
      return delivery?._id ?? '';
    });
    await loseAlarm(DISPATCH_TIMER, deliveryId);
    await comeDue(DISPATCH_TIMER, deliveryId);
    await eventually(async () => {
      expect((await DeliveryModel.findById(deliveryId).lean())?.status).toBe('offering');
    });
    expect(await storedLog(order.id)).toContain('delivery.offering');
  });
});
