import { afterEach, beforeAll, expect, it } from 'vitest';
import { localCloud } from '../setup/with-local-cloud.ts';
import { clearFaults, setFaults } from '../../scripts/local-cloud/control-client.ts';
import { io } from 'socket.io-client';
import { OrderModel } from '../../src/modules/orders/order.model.ts';
import { newPerson, saffronTable, useCity, type Restaurant } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import {
  bookOf,
  outboxDone,
  placePaidOrder,
  sendWebhooksTo,
  storedLog,
  storedOutbox,
  storedPayment,
  takeQuote,
  tryAccepting,
  tryPlacing,
} from '../support/order-path.ts';
import { startApi, startWorker, type ApiProcess } from '../support/processes.ts';
import { deadLetters, useQueues } from '../support/queues.ts';

const SETTINGS = { OUTBOX_RETRY_SECONDS: '2', SWEEP_INTERVAL_SECONDS: '1' };
/** How long the provider makes the work last that is in hand at the signal. */
const WORK_MS = 1500;
const DRAIN_LIMIT_MS = 10_000;

let api: ApiProcess;
let restaurant: Restaurant;

useCity();
useQueues();
beforeAll(async () => {
  api = await startApi(SETTINGS);
  sendWebhooksTo(api.base);
  restaurant = await saffronTable();
});
afterEach(() => clearFaults(localCloud.stripeUrl));

it('an API that gets SIGTERM answers every request in hand, closes its sockets, takes no more, and exits 0', async () => {
  const going = await startApi(SETTINGS);
  const people = await Promise.all(Array.from({ length: 12 }, () => newPerson()));
  const quotes = await Promise.all(people.map((person) => takeQuote(person.at(going.base), restaurant)));
  const socket = io(`${going.base}/customer`, {
    transports: ['websocket'],
    auth: { token: people[0]?.accessToken },
    reconnection: false,
  });
  const closed = Promise.withResolvers<string>();
  socket.on('disconnect', closed.resolve);
  await new Promise((resolve) =>
    socket.once('connect', () => {
      resolve(null);
    }),
  );
  await setFaults(localCloud.stripeUrl, {
    requests: [{ kind: 'hang_before', method: 'POST', path: '/v1/payment_intents', ms: WORK_MS, times: 12 }],
  });
  const answers = Promise.all(
    people.map((person, index) => tryPlacing(person.at(going.base), quotes[index]?.id ?? '')),
  );
  const customerIds = people.map(({ userId }) => userId);
  await eventually(async () => {
    const count = await OrderModel.collection.countDocuments({ customerId: { $in: customerIds } });
    expect(count).toBe(people.length);
  });

  const startedAt = performance.now();
  const exited = going.end('SIGTERM');
  expect(await closed.promise).toMatch(/^(io server disconnect|transport close)$/);
  for (const answer of await answers) {
    expect(answer.status).toBe(201);
    expect(answer.body.payment.clientSecret).toMatch(/_secret_/);
  }
  expect(await exited).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(DRAIN_LIMIT_MS);
  await expect(fetch(`${going.base}/health/live`)).rejects.toThrow();
});

it('a worker that gets SIGTERM finishes its jobs, and its successor does the rest: nothing lost, nothing twice', async () => {
  const worker = await startWorker(SETTINGS);
  const orders = await Promise.all(
    Array.from({ length: 10 }, async () => (await placePaidOrder(api.base, restaurant)).order.id),
  );
  await setFaults(localCloud.stripeUrl, {
    requests: [{ kind: 'hang_after', method: 'POST', path: '/capture', ms: WORK_MS, times: 10 }],
    // The jobs alone say what was captured.
    webhooks: { hold: true, types: ['payment_intent.succeeded'] },
  });
  const owner = restaurant.owner.at(api.base);
  await Promise.all(orders.map((orderId) => tryAccepting(owner, orderId)));
  await eventually(async () => {
    expect((await capturedAtProvider(orders)).length).toBeGreaterThan(0);
  });

  const startedAt = performance.now();
  expect(await worker.end('SIGTERM')).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(DRAIN_LIMIT_MS);
  const finished = await capturedAtProvider(orders);
  // More jobs than the worker takes at once: some were in hand, some were waiting.
  expect(finished.length).toBeLessThan(orders.length);
  for (const orderId of finished) {
    expect((await storedPayment(orderId)).status).toBe('captured');
    const accepted = (await storedOutbox(orderId)).find(({ event }) => event === 'order.accepted');
    expect(accepted?.doneBy).toContain('payments.settle');
  }

  await clearFaults(localCloud.stripeUrl);
  await startWorker(SETTINGS);
  for (const orderId of orders) {
    await outboxDone(orderId, 30_000);
    expect((await storedPayment(orderId)).status).toBe('captured');
    expect((await bookOf(orderId)).captureCount).toBe(1);
    expect((await storedLog(orderId)).filter((type) => type === 'payment.captured')).toHaveLength(1);
  }
  expect(await deadLetters()).toEqual([]);
});

async function capturedAtProvider(orderIds: readonly string[]): Promise<string[]> {
  const reports = await Promise.all(orderIds.map(bookOf));
  return orderIds.filter((_, index) => (reports[index]?.captureCount ?? 0) > 0);
}
