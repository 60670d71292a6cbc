import { afterEach, beforeAll, expect, it } from 'vitest';
import { localCloud } from '../setup/with-local-cloud.ts';
import { clearFaults, releaseWebhooks, setFaults } from '../../scripts/local-cloud/control-client.ts';
import { saffronTable, useCity, type Restaurant } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import {
  bookOf,
  outboxDone,
  placePaidOrder,
  sendWebhooksTo,
  storedLog,
  storedOutbox,
  storedPayment,
  tryAccepting,
} from '../support/order-path.ts';
import { startApi, startWorker, type AppProcess } from '../support/processes.ts';
import { deadLetters, useQueues } from '../support/queues.ts';

const SETTINGS = { JOB_LOCK_SECONDS: '2', OUTBOX_RETRY_SECONDS: '2', SWEEP_INTERVAL_SECONDS: '1' };
/** The captured event is held back, so that the job alone can know. */
const HOLD_CAPTURED = { hold: true, types: ['payment_intent.succeeded'] };

let base: string;
let worker: AppProcess;
let restaurant: Restaurant;

useCity();
useQueues();
beforeAll(async () => {
  const [api, started] = await Promise.all([startApi(SETTINGS), startWorker(SETTINGS)]);
  base = api.base;
  worker = started;
  sendWebhooksTo(base);
  restaurant = await saffronTable();
});
afterEach(() => clearFaults(localCloud.stripeUrl));

it('a worker killed between the capture and its acknowledgement captures once, and its job is not lost', async () => {
  const { order } = await placePaidOrder(base, restaurant);
  await setFaults(localCloud.stripeUrl, {
    requests: [{ kind: 'hang_after', method: 'POST', path: '/capture', ms: 6000 }],
    webhooks: HOLD_CAPTURED,
  });
  expect((await tryAccepting(restaurant.owner.at(base), order.id)).status).toBe(200);
  await eventually(async () => {
    expect((await bookOf(order.id)).captureCount).toBe(1);
  });
  expect(await worker.end('SIGKILL')).toBe(137);
  expect((await storedPayment(order.id)).status).toBe('capturing');
  const accepted = (await storedOutbox(order.id)).find(({ event }) => event === 'order.accepted');
  expect(accepted?.doneBy).not.toContain('payments.settle');

  worker = await startWorker(SETTINGS);
  await outboxDone(order.id, 30_000);
  expect(await storedPayment(order.id)).toMatchObject({
    status: 'captured',
    amountCapturedMinor: order.payment.amount.amount,
  });
  await assertCapturedOnce(order.id);

  await releaseWebhooks(localCloud.stripeUrl);
  await assertCapturedOnce(order.id);
});

it('a capture whose answer is lost on the way is captured once', async () => {
  const { order } = await placePaidOrder(base, restaurant);
  await setFaults(localCloud.stripeUrl, {
    requests: [{ kind: 'lose_answer', method: 'POST', path: '/capture' }],
    webhooks: HOLD_CAPTURED,
  });
  expect((await tryAccepting(restaurant.owner.at(base), order.id)).status).toBe(200);
  await outboxDone(order.id, 30_000);
  expect((await storedPayment(order.id)).status).toBe('captured');
  await assertCapturedOnce(order.id);
});

async function assertCapturedOnce(orderId: string): Promise<void> {
  const { amount, captured, captureCount, refunded, released } = await bookOf(orderId);
  expect({ captured, captureCount, refunded, released }).toEqual({
    ...{ captured: amount, captureCount: 1, refunded: 0, released: 0 },
  });
  expect((await storedLog(orderId)).filter((type) => type === 'payment.captured')).toHaveLength(1);
  expect(await deadLetters()).toEqual([]);
}
