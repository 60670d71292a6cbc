import '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { fromUnknown } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import { commitOrder } from '../../../src/modules/checkout/checkout.service.ts';
import { createQuote } from '../../../src/modules/checkout/quotes.service.ts';
import { releaseReservations } from '../../../src/modules/checkout/reservations.service.ts';
import { cancelOrder } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import { findOrder, markOrderPaid, type OrderRecord } from '../../../src/modules/orders/index.ts';
import { rejectOrder } from '../../../src/modules/orders/orders.service.ts';
import { KitchenSlotModel } from '../../../src/modules/restaurants/kitchen-slot.model.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { addMs, setClock } from '../../../src/shared/clock.ts';
import { idempotent, ownerActor } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { customerActor, fillCart, placing } from '../../support/checkout.ts';
import { createKitchen, NEAR_HOME, type Kitchen } from '../../support/kitchen.ts';

/** 12:07 in the restaurant's zone; the slot begins at 20:00 there. */
const AT = new Date('2026-11-20T06:37:00.000Z');
const SLOT = { startAt: new Date('2026-11-20T14:30:00.000Z'), endAt: new Date('2026-11-20T15:00:00.000Z') };
/** Twenty minutes of cooking, and eight until a courier is there. */
const RELEASE_AT = new Date('2026-11-20T14:02:00.000Z');

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function quoted(kitchen: Kitchen) {
  const actor = customerActor();
  await fillCart(kitchen, actor.userId);
  return { actor, quote: await createQuote({ address: NEAR_HOME, tipMinor: 0, slot: SLOT }, actor.userId) };
}

async function placed(kitchen: Kitchen) {
  const { actor, quote } = await quoted(kitchen);
  const { answer } = await commitOrder({ quoteId: quote._id, idempotency: placing(actor.userId) }, actor);
  return { actor, orderId: answer.id, answer };
}

const pay = (orderId: string) => withTransaction((tx) => markOrderPaid(tx, orderId));

async function stored(orderId: string): Promise<OrderRecord> {
  const order = await findOrder(orderId);
  if (order === null) throw new Error('no such order');
  return order;
}

async function timersOf(subjectId: string): Promise<string[]> {
  return (await TimerModel.find({ subjectId: { $eq: subjectId } }).lean()).map(({ kind }) => kind);
}

async function taken(): Promise<number[]> {
  return (await KitchenSlotModel.find().sort({ startAt: 1 }).lean()).map((slot) => slot.taken);
}

describe('an order for a slot', () => {
  it('is told to the restaurant when it is paid, rings at its hour, and then waits for the answer', async () => {
    setClock({ frozenAt: AT });
    const kitchen = await createKitchen();
    const { orderId, answer } = await placed(kitchen);
    expect(answer).toMatchObject({
      status: 'pending_payment',
      slot: { startAt: SLOT.startAt.toISOString(), endAt: SLOT.endAt.toISOString() },
      releaseAt: RELEASE_AT.toISOString(),
    });
    await pay(orderId);
    expect(await stored(orderId)).toMatchObject({ status: 'scheduled', placedAt: null });
    expect(await timersOf(orderId)).toEqual(['order.release']);
    const told = await OutboxModel.findOne({ event: 'order.scheduled' }).lean();
    expect(told?.payload).toMatchObject({ restaurantId: kitchen.restaurantId, data: { status: 'scheduled' } });

    await fireDueTimers(addMs(RELEASE_AT, -1));
    expect((await stored(orderId)).status).toBe('scheduled');
    setClock({ frozenAt: RELEASE_AT });
    await fireDueTimers(RELEASE_AT);
    expect(await stored(orderId)).toMatchObject({ status: 'placed', placedAt: RELEASE_AT });
    expect(await timersOf(orderId)).toContain('order.accept');

    const unanswered = addMs(RELEASE_AT, config.orders.acceptTimeoutSeconds * 1000);
    setClock({ frozenAt: unanswered });
    await fireDueTimers(unanswered);
    expect((await stored(orderId)).status).toBe('expired');
  });

  it('promises the slot, and the way', async () => {
    setClock({ frozenAt: AT });
    const { quote } = await quoted(await createKitchen());
    expect(quote.eta.from.getTime()).toBeGreaterThan(SLOT.startAt.getTime());
    expect(quote.eta.to.getTime() - quote.eta.from.getTime()).toBe(30 * 60_000);
    expect(quote).toMatchObject({ slot: SLOT, releaseAt: RELEASE_AT });
  });

  it('is placed at once when it is paid after its hour', async () => {
    setClock({ frozenAt: AT });
    const { orderId } = await placed(await createKitchen());
    setClock({ frozenAt: RELEASE_AT });
    await pay(orderId);
    expect((await stored(orderId)).status).toBe('placed');
  });

  it('may be cancelled by its customer and rejected by its restaurant, and does not ring any more', async () => {
    setClock({ frozenAt: AT });
    const kitchen = await createKitchen();
    const [mine, theirs] = [await placed(kitchen), await placed(kitchen)];
    await Promise.all([pay(mine.orderId), pay(theirs.orderId)]);
    const cancelling = placing(mine.actor.userId, { operation: 'cancelOrder' });
    const { answer } = await cancelOrder({ orderId: mine.orderId, idempotency: cancelling }, mine.actor);
    expect(answer.status).toBe('cancelled');
    const owner = ownerActor(kitchen);
    const rejecting = idempotent(owner, 'rejectOrder');
    await rejectOrder({ orderId: theirs.orderId, reason: 'closing', idempotency: rejecting }, owner);
    expect(await timersOf(mine.orderId)).toEqual([]);
    expect(await timersOf(theirs.orderId)).toEqual([]);
    expect(await stored(mine.orderId)).toMatchObject({ status: 'cancelled', amountDueMinor: 0 });
  });
});

describe('the kitchen of a slot', () => {
  const capacity = { slotMinutes: 30, maxOrders: 3 };

  it('takes as many as it can of twenty at once, and no more', async () => {
    setClock({ frozenAt: AT });
    const kitchen = await createKitchen({ capacity });
    const quotes = await Promise.all(Array.from({ length: 20 }, () => quoted(kitchen)));
    const results = await Promise.allSettled(
      quotes.map(({ actor, quote }) => commitOrder({ quoteId: quote._id, idempotency: placing(actor.userId) }, actor)),
    );
    const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => fromUnknown(reason));
    expect(refused).toHaveLength(17);
    for (const { code, details } of refused) {
      expect([code, details]).toEqual(['slot_unavailable', { reason: 'capacity_full' }]);
    }
    expect(await taken()).toEqual([3]);
    const { actor } = await placedActor(kitchen);
    await expect(createQuote({ address: NEAR_HOME, tipMinor: 0, slot: SLOT }, actor.userId)).rejects.toMatchObject({
      code: 'slot_unavailable',
    });
  });

  it('gets its place back once from an order that ends while it is scheduled', async () => {
    setClock({ frozenAt: AT });
    const kitchen = await createKitchen({ capacity });
    const { orderId, actor } = await placed(kitchen);
    await pay(orderId);
    expect(await taken()).toEqual([1]);
    await cancelOrder({ orderId, idempotency: placing(actor.userId, { operation: 'cancelOrder' }) }, actor);
    await Promise.all([releaseReservations(orderId), releaseReservations(orderId)]);
    expect(await taken()).toEqual([0]);
  });

  it('that has closed the hour since the quote refuses it, and nothing is bought', async () => {
    setClock({ frozenAt: AT });
    const kitchen = await createKitchen();
    const { actor, quote } = await quoted(kitchen);
    await RestaurantModel.updateOne({ _id: kitchen.restaurantId }, { pausedUntil: SLOT.endAt });
    const order = commitOrder({ quoteId: quote._id, idempotency: placing(actor.userId) }, actor);
    await expect(order).rejects.toMatchObject({ code: 'slot_unavailable', details: { reason: 'paused' } });
  });
});

async function placedActor(kitchen: Kitchen) {
  const actor = customerActor();
  await fillCart(kitchen, actor.userId);
  return { actor };
}
