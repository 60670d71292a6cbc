import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { openQueue } from '../../../src/infra/queue/define-queue.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { cancelOrder } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import { delayOrder } from '../../../src/modules/orders/delay/delay.service.ts';
import { STRIKES_INDEX, strikesFilter } from '../../../src/modules/orders/kitchen/strikes.service.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { acceptOrder, markOrderReady, rejectOrder } from '../../../src/modules/orders/orders.service.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn, customerActor, getStoredOrder, idempotent, ownerActor } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { summarizePlan } from '../../support/explain.ts';
import { expectSoundOrder, readLog, readTimers } from '../../support/order-log.ts';

const START = new Date('2026-11-20T12:00:00.000Z');
const { acceptPushSeconds, acceptSmsSeconds, acceptAlertSeconds, acceptTimeoutSeconds, prepOverdueSeconds } =
  config.orders;
const LADDER = ['order.accept', 'order.accept_alert', 'order.accept_push', 'order.accept_sms'];

beforeAll(bootstrap);
beforeEach(() => {
  setClock({ frozenAt: START });
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

/** No worker runs here, and the delayed jobs are deleted: what fires is the sweep alone. */
async function at(seconds: number): Promise<void> {
  await openQueue('timer').obliterate({ force: true });
  setClock({ frozenAt: addMs(START, seconds * 1000) });
  await fireDueTimers(now());
}

async function stepsOf(orderId: string, type: string): Promise<unknown[]> {
  return (await readLog(orderId)).filter((event) => event.type === type).map(({ data }) => data['step']);
}

describe('the ladder of T2', () => {
  it('a placed order that nobody answers: pushed, texted, alerted at their seconds, once each, then expired', async () => {
    const { _id } = await createOrderIn('placed');
    expect(await readTimers(_id)).toEqual(LADDER);
    const reminded: unknown[][] = [];
    for (const seconds of [acceptPushSeconds, acceptSmsSeconds, acceptAlertSeconds]) {
      await at(seconds - 0.001);
      reminded.push(await stepsOf(_id, 'order.accept_reminded'));
      await at(seconds);
    }
    expect(reminded).toEqual([[], ['push'], ['push', 'sms']]);
    await at(acceptTimeoutSeconds);
    expect(await stepsOf(_id, 'order.accept_reminded')).toEqual(['push', 'sms', 'alert']);
    expect(await getStoredOrder(_id)).toMatchObject({
      ...{ status: 'expired', amountDueMinor: 0, liableParty: 'restaurant' },
    });
    expect(await readTimers(_id)).toEqual([]);
    await expectSoundOrder(_id);
  });

  it.each(['accept', 'reject', 'cancel'])('%s: nobody is reminded any more', async (decision) => {
    const order = await createOrderIn('placed');
    const { _id: orderId } = order;
    const owner = ownerActor(order);
    if (decision === 'accept') {
      await acceptOrder({ orderId, prepMinutes: 20, idempotency: idempotent(owner, 'acceptOrder') }, owner);
    } else if (decision === 'reject') {
      await rejectOrder({ orderId, reason: 'closing', idempotency: idempotent(owner, 'rejectOrder') }, owner);
    } else {
      const customer = customerActor(order);
      await cancelOrder({ orderId, idempotency: idempotent(customer, 'cancelOrder') }, customer);
    }
    expect((await readTimers(orderId)).filter((kind) => LADDER.includes(kind))).toEqual([]);
    await at(acceptTimeoutSeconds);
    expect(await stepsOf(orderId, 'order.accept_reminded')).toEqual([]);
  });
});

describe('strikes', () => {
  async function expireFor(restaurantId: string, ownerId: string, minutes: number): Promise<void> {
    setClock({ frozenAt: addMs(START, minutes * 60_000 - acceptTimeoutSeconds * 1000) });
    await createOrderIn('placed', { restaurantId, ownerId });
    await at(minutes * 60);
  }
  const pausedUntil = async (_id: string) => (await RestaurantModel.findById(_id).lean())?.pausedUntil ?? null;

  it('the third order that expires within an hour: the restaurant is paused for an hour, and its owner will hear of it', async () => {
    const [restaurantId, ownerId] = [newId(), newId()];
    await expireFor(restaurantId, ownerId, 10);
    await expireFor(restaurantId, ownerId, 40);
    expect(await pausedUntil(restaurantId)).toBeNull();
    await expireFor(restaurantId, ownerId, 69);
    expect(await pausedUntil(restaurantId)).toEqual(addMs(START, 129 * 60_000));
    const rows = await OutboxModel.find({ event: 'restaurant.auto_paused' }).lean();
    expect(rows.map(({ payload }) => payload)).toMatchObject([{ restaurantId }]);
    await expireFor(restaurantId, ownerId, 75);
    expect(await pausedUntil(restaurantId)).toEqual(addMs(START, 129 * 60_000));
    expect(await OutboxModel.countDocuments({ event: 'restaurant.auto_paused' })).toBe(1);
  });

  it('three within more than an hour, or unpaid ones: nobody is paused', async () => {
    const [restaurantId, ownerId] = [newId(), newId()];
    await expireFor(restaurantId, ownerId, 10);
    await expireFor(restaurantId, ownerId, 40);
    await expireFor(restaurantId, ownerId, 71);
    expect(await pausedUntil(restaurantId)).toBeNull();
  });

  it('three at once: paused once', async () => {
    const [restaurantId, ownerId] = [newId(), newId()];
    for (let count = 0; count < 3; count += 1) await createOrderIn('placed', { restaurantId, ownerId });
    await at(acceptTimeoutSeconds);
    expect(await pausedUntil(restaurantId)).toEqual(addMs(now(), 3_600_000));
    expect(await OutboxModel.countDocuments({ event: 'restaurant.auto_paused' })).toBe(1);
  });

  it('counting them reads its index, and only what counts', async () => {
    const [restaurantId, ownerId] = [newId(), newId()];
    await expireFor(restaurantId, ownerId, 10);
    await createOrderIn('delivered', { restaurantId, ownerId });
    const filter = strikesFilter(restaurantId, START);
    const plan = summarizePlan(await OrderModel.collection.find(filter).hint(STRIKES_INDEX).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['unanswered']));
    expect(plan.docsExamined).toBe(1);
  });
});

describe('T5', () => {
  const READY = 20 * 60;

  it('food that is late: the restaurant is asked once, later operations, and the customer gets a new time', async () => {
    const { _id } = await createOrderIn('accepted');
    await at(READY + prepOverdueSeconds - 0.001);
    expect(await stepsOf(_id, 'order.prep_overdue')).toEqual([]);
    await at(READY + prepOverdueSeconds);
    expect(await stepsOf(_id, 'order.prep_overdue')).toEqual(['ask']);
    expect((await getStoredOrder(_id)).readyEta).toEqual(addMs(START, READY * 1000));
    await at(READY + 3 * prepOverdueSeconds);
    expect(await stepsOf(_id, 'order.prep_overdue')).toEqual(['ask', 'alert']);
    expect((await getStoredOrder(_id)).readyEta).toEqual(addMs(now(), prepOverdueSeconds * 1000));
    await expectSoundOrder(_id);
    expect(await readTimers(_id)).toEqual([]);
  });

  it('a delay: counted from the new time', async () => {
    const order = await createOrderIn('preparing');
    await delayOrder({ orderId: order._id, prepMinutes: 35 }, ownerActor(order));
    await at(35 * 60 + prepOverdueSeconds - 0.001);
    expect(await stepsOf(order._id, 'order.prep_overdue')).toEqual([]);
    await at(35 * 60 + prepOverdueSeconds);
    expect(await stepsOf(order._id, 'order.prep_overdue')).toEqual(['ask']);
  });

  it('ready, or cancelled by the restaurant: nobody is asked', async () => {
    const [ready, cancelled] = [await createOrderIn('preparing'), await createOrderIn('preparing')];
    await markOrderReady(ready._id, ownerActor(ready));
    const owner = ownerActor(cancelled);
    const idempotency = idempotent(owner, 'cancelOrder');
    await cancelOrder({ orderId: cancelled._id, reason: 'equipment_failed', idempotency }, owner);
    expect([await readTimers(ready._id), await readTimers(cancelled._id)]).toEqual([[], []]);
  });
});
