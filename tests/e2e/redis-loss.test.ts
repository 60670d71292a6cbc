import { afterEach, beforeAll, expect, it } from 'vitest';
import { ownRedis } from '../setup/with-own-redis.ts';
import { localCloud } from '../setup/with-local-cloud.ts';
import { clearFaults, listMail, setFaults, waitForMail } from '../../scripts/local-cloud/control-client.ts';
import { redisClients } from '../../src/infra/redis/index.ts';
import { newPerson, saffronTable, useCity, type Restaurant } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import {
  bookOf,
  outboxDone,
  pay,
  placePaidOrder,
  sendWebhooksTo,
  storedLog,
  storedOrder,
  storedOutbox,
  storedPayment,
  takeQuote,
  tryAccepting,
  tryPlacing,
} from '../support/order-path.ts';
import { startApi, startWorker } from '../support/processes.ts';
import { deadLetters, delayedJobs, useQueues } from '../support/queues.ts';

const SETTINGS = { OUTBOX_RETRY_SECONDS: '2', SWEEP_INTERVAL_SECONDS: '1', JOB_LOCK_SECONDS: '5' };
/** As many as the SDK tries by itself. */
const TRIES_OF_SDK = 3;

let base: string;
let restaurant: Restaurant;

useCity();
useQueues();
beforeAll(async () => {
  const api = await startApi(SETTINGS);
  base = api.base;
  sendWebhooksTo(base);
  restaurant = await saffronTable();
});
afterEach(() => clearFaults(localCloud.stripeUrl));

async function accept(orderId: string): Promise<void> {
  expect((await tryAccepting(restaurant.owner.at(base), orderId)).status).toBe(200);
}

async function assertCapturedOnce(orderId: string): Promise<void> {
  await outboxDone(orderId, 30_000);
  expect((await storedPayment(orderId)).status).toBe('captured');
  expect((await storedLog(orderId)).filter((type) => type === 'payment.captured')).toHaveLength(1);
  const { amount, captured, captureCount } = await bookOf(orderId);
  expect({ captured, captureCount }).toEqual({ captured: amount, captureCount: 1 });
  expect(await deadLetters()).toEqual([]);
}

it('FLUSHALL between the acceptance and a worker that is not there yet: captured all the same', async () => {
  const { order } = await placePaidOrder(base, restaurant);
  await accept(order.id);
  await redisClients().producer.flushall();
  expect((await bookOf(order.id)).captureCount).toBe(0);
  await startWorker(SETTINGS);
  await assertCapturedOnce(order.id);
});

it('FLUSHALL while the capture job waits for its next try: captured all the same', async () => {
  const { order } = await placePaidOrder(base, restaurant);
  await setFaults(localCloud.stripeUrl, {
    requests: [{ kind: 'fail_before', method: 'POST', path: '/capture', times: TRIES_OF_SDK }],
  });
  await accept(order.id);
  await eventually(async () => {
    expect(await delayedJobs('payment')).toBe(1);
  });
  await redisClients().producer.flushall();
  expect(await delayedJobs('payment')).toBe(0);
  expect((await bookOf(order.id)).captureCount).toBe(0);
  await assertCapturedOnce(order.id);
});

it('an order placed, paid and accepted while Redis is away is taken at once, and goes on when Redis is back', async () => {
  const person = await newPerson();
  const customer = person.at(base);
  const quote = await takeQuote(customer, restaurant);
  await ownRedis.stop();

  const startedAt = performance.now();
  const answer = await tryPlacing(customer, quote.id);
  expect(performance.now() - startedAt).toBeLessThan(2000);
  expect(answer.status).toBe(201);
  const { body: order } = answer;
  await pay(order);
  await eventually(async () => {
    expect((await storedOrder(order.id)).status).toBe('placed');
  });
  await accept(order.id);
  const captureOf = async () => (await storedOutbox(order.id)).find(({ event }) => event === 'order.accepted')?.doneBy;
  expect(await captureOf()).not.toContain('payments.settle');

  await ownRedis.start();
  await assertCapturedOnce(order.id);
  const to = `user-${person.userId}@example.com`;
  await waitForMail(localCloud.inboxUrl, { to });
  expect(await listMail(localCloud.inboxUrl, { to })).toMatchObject([{ copies: 1 }]);
}, 90_000);
