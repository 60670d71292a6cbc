import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import '../setup/with-local-cloud.ts';
import { checkInvariants } from '../../scripts/check-invariants/index.ts';
import { config } from '../../src/config/index.ts';
import { localCloud } from '../setup/with-local-cloud.ts';
import { saffronTable, useCity, type Restaurant } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import {
  outboxDone,
  placePaidOrder,
  sendWebhooksTo,
  storedOrder,
  storedPayment,
  tryAccepting,
} from '../support/order-path.ts';
import { startApi, startWorker } from '../support/processes.ts';

let base: string;
let restaurant: Restaurant;

useCity();
beforeAll(async () => {
  const [api] = await Promise.all([startApi(), startWorker()]);
  base = api.base;
  sendWebhooksTo(base);
  restaurant = await saffronTable();
});

/** What does not hold, with its examples: they are what one reads first. */
async function broken(isAtRest = false): Promise<object[]> {
  const check = { uri: config.mongo.uri, providerUrl: localCloud.stripeUrl, isAtRest };
  const { results } = await checkInvariants(check);
  return results.filter(({ violations }) => violations > 0).map(({ name, examples }) => ({ name, examples }));
}

it('the invariants hold while an order is cooked, and at rest once it was taken back and refunded', async () => {
  const { order } = await placePaidOrder(base, restaurant);
  const owner = restaurant.owner.at(base);
  expect((await tryAccepting(owner, order.id)).status).toBe(200);
  await eventually(async () => {
    expect((await storedPayment(order.id)).status).toBe('captured');
  });
  await outboxDone(order.id);
  expect(await broken()).toEqual([]);

  const cancelled = await owner.try('POST', `/orders/${order.id}/cancel`, {
    body: { reason: 'equipment_failed' },
    idempotencyKey: randomUUID(),
  });
  expect(cancelled.status).toBe(200);
  await eventually(async () => {
    expect((await storedPayment(order.id)).status).toBe('refunded');
    expect((await storedOrder(order.id)).deliveryStatus).toBe('cancelled');
  });
  await outboxDone(order.id);
  await eventually(async () => {
    expect(await broken(true)).toEqual([]);
  });
});
