import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import { createDelivery } from '../../../src/modules/deliveries/dispatch.service.ts';
import { followDelay } from '../../../src/modules/deliveries/follow-delay.service.ts';
import { DISPATCH_TIMER } from '../../../src/modules/deliveries/timer-kinds.ts';
import { delayOrder } from '../../../src/modules/orders/delay/delay.service.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { createDeliveryAtDropoff, createOfferingDelivery, getStoredDelivery } from '../../factories/delivery.ts';
import { createOrderIn, getStoredOrder, ownerActor } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { subscriptions } from '../../../src/subscriptions.ts';

const START = new Date('2026-11-20T12:00:00.000Z');

beforeAll(bootstrap);
beforeEach(() => {
  setClock({ frozenAt: START });
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

/** Accepted at the start for twenty minutes, then put off to forty. */
async function delayed() {
  const order = await createOrderIn('accepted');
  await createDelivery(order._id);
  const before = await getStoredDelivery(order._id);
  await delayOrder({ orderId: order._id, prepMinutes: 40 }, ownerActor(order));
  return { orderId: order._id, before };
}

async function dispatchTimer(deliveryId: string): Promise<Date | undefined> {
  return (await TimerModel.findOne({ subjectId: deliveryId, kind: DISPATCH_TIMER }).lean())?.dueAt;
}

describe('a delivery whose order is put off', () => {
  it('hears of it', () => {
    expect(subscriptions['order.delayed']?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['deliveries.delay', 'notifications.delay']),
    );
  });

  it('expects the food later, and T4 moves by as much, once however often it is told', async () => {
    const { orderId, before } = await delayed();
    const dueBefore = await dispatchTimer(before._id);
    await followDelay(orderId);
    await followDelay(orderId);
    const delivery = await getStoredDelivery(orderId);
    expect(delivery.readyEta).toEqual(addMs(START, 40 * 60_000));
    expect(await dispatchTimer(delivery._id)).toEqual(addMs(dueBefore ?? START, 20 * 60_000));
    // Seven minutes before the old time nobody is asked.
    setClock({ frozenAt: addMs(START, 20 * 60_000) });
    await fireDueTimers(now());
    expect((await getStoredDelivery(orderId)).status).toBe('unassigned');
    setClock({ frozenAt: addMs(START, 33 * 60_000) });
    await fireDueTimers(now());
    expect((await getStoredDelivery(orderId)).status).toBe('offering');
  });

  it('goes on with a search that has begun', async () => {
    const { orderId, _id } = await createOfferingDelivery();
    await delayOrder({ orderId, prepMinutes: 60 }, ownerActor(await getStoredOrder(orderId)));
    await followDelay(orderId);
    expect(await getStoredDelivery(orderId)).toMatchObject({ status: 'offering' });
    expect((await getStoredDelivery(orderId)).readyEta).toEqual((await getStoredOrder(orderId)).readyEta);
    expect(await dispatchTimer(_id)).toBeUndefined();
  });

  it('is left as it is once the food is on its way, and where there is none', async () => {
    const { delivery } = await createDeliveryAtDropoff();
    await followDelay(delivery.orderId);
    expect((await getStoredDelivery(delivery.orderId)).readyEta).toEqual(delivery.readyEta);
    await followDelay('f'.repeat(24));
  });
});
