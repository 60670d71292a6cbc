import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { autoAcceptOrder } from '../../../src/modules/orders/auto-accept.service.ts';
import type { OrderStatus } from '../../../src/modules/orders/index.ts';
import { RestaurantModel, type RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { addMs, now, secondsFromNow, setClock } from '../../../src/shared/clock.ts';
import { subscriptions } from '../../../src/subscriptions.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectSoundOrder, readTimers } from '../../support/order-log.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function orderAt(restaurant: Partial<RestaurantRow>, status: OrderStatus = 'placed') {
  const order = await createOrderIn(status);
  await RestaurantModel.updateOne({ _id: order.restaurantId }, { $set: { prepMinutes: 25, ...restaurant } });
  return order;
}

describe('a restaurant that takes every order', () => {
  it('hears of an order when it is placed and when it is released', () => {
    for (const event of ['order.placed', 'order.released']) {
      expect(subscriptions[event]?.map(({ name }) => name)).toContain('orders.auto-accept');
    }
  });

  it('accepts with the time that it needs now, and longer while it is busy', async () => {
    const at = now();
    setClock({ frozenAt: at });
    for (const [busyUntil, prepMinutes] of [
      [null, 25],
      [secondsFromNow(60), 40],
    ] as const) {
      const order = await orderAt({ autoAccept: true, busyUntil, busyExtraPrepMinutes: 15 });
      await autoAcceptOrder(order._id);
      const readyEta = addMs(at, prepMinutes * 60_000);
      expect(await getStoredOrder(order._id)).toMatchObject({
        status: 'accepted',
        prepMinutes,
        readyEta,
        acceptedAt: at,
      });
      expect(await readTimers(order._id)).not.toContain('order.accept');
      expect((await expectSoundOrder(order._id)).at(-1)).toMatchObject({
        ...{ type: 'order.accepted', actor: { role: 'system', id: null } },
        data: { prepMinutes, isAutomatic: true },
      });
    }
  });

  it.each([
    ['does not take every order', { autoAccept: false }],
    ['is paused', { autoAccept: true, pausedUntil: secondsFromNow(600) }],
    ['is busy beyond what may be said', { autoAccept: true, busyUntil: secondsFromNow(600), busyExtraPrepMinutes: 70 }],
    ['is suspended', { autoAccept: true, status: 'suspended' as const }],
  ])('leaves it to a person where it %s', async (_, restaurant) => {
    const order = await orderAt(restaurant);
    const before = await hashDatabase();
    await autoAcceptOrder(order._id);
    expect(await hashDatabase()).toEqual(before);
  });

  it.each(['pending_payment', 'scheduled', 'cancelled', 'expired', 'preparing'] as const)(
    'is silent where the order is %s',
    async (status) => {
      const order = await orderAt({ autoAccept: true }, status);
      const before = await hashDatabase();
      await autoAcceptOrder(order._id);
      expect(await hashDatabase()).toEqual(before);
    },
  );
});
