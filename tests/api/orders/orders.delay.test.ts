import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { delayOrderRoute } from '../../../src/modules/orders/delay/delay.schema.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { addMs, dateFrom, now, secondsFromNow, setClock } from '../../../src/shared/clock.ts';
import { getStoredOrder } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import type { Login } from '../../support/log-in.ts';
import { expectSoundOrder, readOutbox } from '../../support/order-log.ts';
import { errorOf } from '../../support/responses.ts';
import { pathOf, sceneOf } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

function delay(order: { _id: string }, { headers }: Login, prepMinutes: unknown) {
  return app.request.post(pathOf(order, 'delay')).set(headers).send({ prepMinutes });
}

describe('POST /orders/:orderId/delay', () => {
  it.each(['accepted', 'preparing'] as const)(
    'of an order that is %s moves what is expected and not what was promised, in row, log and outbox',
    async (status) => {
      const { owner, order } = await sceneOf(status);
      const res = await delay(order, owner, 35).expect(200);
      expectContract(delayOrderRoute, res);
      const readyEta = addMs(order.acceptedAt ?? now(), 35 * 60_000);
      expect(await getStoredOrder(order._id)).toMatchObject({
        ...{ status, readyEta, prepMinutes: 35, delays: 1, delayedMinutes: 15 },
        ...{ promisedAt: order.promisedAt, version: order.version },
      });
      const { eta, promisedAt } = res.body as { eta: string; promisedAt: string };
      expect(promisedAt).toBe(order.promisedAt.toISOString());
      // 2.5 km by road and the door.
      expect(dateFrom(eta).getTime() - readyEta.getTime()).toBeGreaterThan(600_000);
      const last = (await expectSoundOrder(order._id)).at(-1);
      expect(last).toMatchObject({ type: 'order.delayed', data: { prepMinutes: 35, byMinutes: 15, eta } });
      expect((await readOutbox(order._id)).at(-1)).toMatchObject({ event: 'order.delayed', doneAt: null });
    },
  );

  it('for a slot that begins later still: the food is ready when the slot begins', async () => {
    const { owner, order } = await sceneOf('accepted');
    const startAt = secondsFromNow(3_600);
    await OrderModel.updateOne({ _id: order._id }, { slot: { startAt, endAt: addMs(startAt, 1_800_000) } });
    await delay(order, owner, 35).expect(200);
    expect((await getStoredOrder(order._id)).readyEta).toEqual(startAt);
  });

  it('said twice is one delay', async () => {
    const { owner, order } = await sceneOf('accepted');
    await delay(order, owner, 35).expect(200);
    const before = await hashDatabase();
    await delay(order, owner, 35).expect(200);
    expect(await hashDatabase()).toEqual(before);
  });

  it('said by ten at once is one delay', async () => {
    const { owner, order } = await sceneOf('accepted');
    const all = await Promise.all(Array.from({ length: 10 }, () => delay(order, owner, 35)));
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await getStoredOrder(order._id)).toMatchObject({ delays: 1, delayedMinutes: 15 });
    await expectSoundOrder(order._id);
  });

  it('is refused the fourth time', async () => {
    const { owner, order } = await sceneOf('accepted');
    for (const minutes of [21, 22, 23]) await delay(order, owner, minutes).expect(200);
    const res = await delay(order, owner, 24).expect(422);
    expect(errorOf(res)).toMatchObject({ code: 'delay_refused', details: { delaysLeft: 0 } });
  });

  it.each([
    [110, 200],
    [111, 422],
    [19, 422],
  ])('to %i minutes, of 20 that were said, is %i', async (minutes, status) => {
    const { owner, order } = await sceneOf('accepted');
    const res = await delay(order, owner, minutes).expect(status);
    if (status === 422) {
      expect(errorOf(res).details).toEqual({ minPrepMinutes: 21, maxPrepMinutes: 110, delaysLeft: 3 });
    }
  });

  it('is never to a time that has passed', async () => {
    const { owner, order } = await sceneOf('accepted');
    await OrderModel.updateOne({ _id: order._id }, { $set: { acceptedAt: secondsFromNow(-1_790) } });
    const res = await delay(order, owner, 25).expect(422);
    expect(errorOf(res).details).toMatchObject({ minPrepMinutes: 30, maxPrepMinutes: 110 });
    await delay(order, owner, 30).expect(200);
  });

  it.each(['placed', 'ready', 'picked_up', 'delivered', 'cancelled'] as const)(
    'of an order that is %s is 409, and writes nothing',
    async (status) => {
      const { owner, order } = await sceneOf(status);
      const before = await hashDatabase();
      expect(errorOf(await delay(order, owner, 30).expect(409))).toMatchObject({ code: 'invalid_transition' });
      expect(await hashDatabase()).toEqual(before);
    },
  );

  it.each([5, 181, 30.5, '30', null])('does not take %j for minutes', async (minutes) => {
    const { owner, order } = await sceneOf('accepted');
    await delay(order, owner, minutes).expect(400);
  });
});
