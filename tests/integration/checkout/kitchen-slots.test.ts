import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clearFaults } from '../../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { fromUnknown } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { commitOrder, placeOrder } from '../../../src/modules/checkout/checkout.service.ts';
import { createQuote } from '../../../src/modules/checkout/quotes.service.ts';
import { releaseReservations } from '../../../src/modules/checkout/reservations.service.ts';
import { cancelOrder } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import { markOrderPaid } from '../../../src/modules/orders/index.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { KitchenClaimModel, KitchenSlotModel } from '../../../src/modules/restaurants/kitchen-slot.model.ts';
import { findSlotCountsOf, openKitchenSlot } from '../../../src/modules/restaurants/kitchen-slots.service.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { addMs, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { customerActor, placing, quoteFor } from '../../support/checkout.ts';
import { createKitchen, NEAR_HOME, type Kitchen } from '../../support/kitchen.ts';
import { explainQueries } from '../../support/watch-commands.ts';

/** 12:07 in the restaurant's zone: the third minute of the slot that begins at 12:00. */
const AT = new Date('2026-11-20T06:37:00.000Z');
const SLOT_END = new Date('2026-11-20T06:45:00.000Z');

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function quoted(kitchen: Kitchen) {
  const actor = customerActor();
  const { _id: quoteId } = await quoteFor(kitchen, actor.userId);
  return { quoteId, actor };
}

type Quoted = Awaited<ReturnType<typeof quoted>>;

const place = ({ quoteId, actor }: Quoted) => placeOrder({ quoteId, idempotency: placing(actor.userId) }, actor);
const commit = ({ quoteId, actor }: Quoted) => commitOrder({ quoteId, idempotency: placing(actor.userId) }, actor);

async function taken(): Promise<number[]> {
  return (await KitchenSlotModel.find().sort({ startAt: 1 }).lean()).map((slot) => slot.taken);
}

describe('a kitchen that begins so many orders in a quarter of an hour', () => {
  const capacity = { slotMinutes: 15, maxOrders: 2 };

  it('takes that many and refuses the next, with the next slot as the next opening', async () => {
    setClock({ frozenAt: AT });
    const kitchen = await createKitchen({ capacity });
    const [first, second, third] = [await quoted(kitchen), await quoted(kitchen), await quoted(kitchen)];
    await place(first);
    await place(second);
    await expect(place(third)).rejects.toMatchObject({
      code: 'restaurant_unavailable',
      details: { reason: 'capacity_full', nextOpenAt: SLOT_END.toISOString() },
    });
    expect(await taken()).toEqual([2]);
    expect(await OrderModel.countDocuments()).toBe(2);

    setClock({ frozenAt: SLOT_END });
    const { answer } = await place(third);
    expect(answer.status).toBe('pending_payment');
    expect(await taken()).toEqual([2, 1]);
  });

  it('makes no quote while the slot is full', async () => {
    setClock({ frozenAt: AT });
    const kitchen = await createKitchen({ capacity: { slotMinutes: 15, maxOrders: 1 } });
    const late = await quoted(kitchen);
    await place(await quoted(kitchen));
    await expect(createQuote({ address: NEAR_HOME, tipMinor: 0 }, late.actor.userId)).rejects.toMatchObject({
      code: 'restaurant_unavailable',
      details: { reason: 'capacity_full' },
    });
  });

  it('never takes more of fifty at once', async () => {
    setClock({ frozenAt: AT });
    const kitchen = await createKitchen({ capacity: { slotMinutes: 15, maxOrders: 7 } });
    const all = await Promise.all(Array.from({ length: 50 }, () => quoted(kitchen)));
    const results = await Promise.allSettled(all.map(commit));
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    for (const refusal of refusals) {
      // Fifty transactions on one row: some run out of time, or of connections. They are told so, and nothing is written.
      expect(['restaurant_unavailable', 'service_unavailable']).toContain(fromUnknown(refusal).code);
    }
    expect(results.length - refusals.length).toBe(7);
    expect(await OrderModel.countDocuments()).toBe(7);
    expect(await KitchenClaimModel.countDocuments()).toBe(7);
    expect(await taken()).toEqual([7]);
  }, 60_000);
});

describe('a place in a slot', () => {
  const capacity = { slotMinutes: 15, maxOrders: 2 };

  async function placed() {
    setClock({ frozenAt: AT });
    const one = await quoted(await createKitchen({ capacity }));
    const { answer } = await place(one);
    return { orderId: answer.id, actor: one.actor };
  }

  it('is given back once, however often it is asked for, when the order is cancelled before acceptance', async () => {
    const { orderId, actor } = await placed();
    await withTransaction((tx) => markOrderPaid(tx, orderId));
    await cancelOrder({ orderId, idempotency: placing(actor.userId, { operation: 'cancelOrder' }) }, actor);
    await Promise.all(Array.from({ length: 5 }, () => releaseReservations(orderId)));
    expect(await taken()).toEqual([0]);
  });

  it('stays taken while the order lives, and when it ends after somebody accepted it', async () => {
    const { orderId } = await placed();
    await releaseReservations(orderId);
    expect(await taken()).toEqual([1]);
    await OrderModel.updateOne({ _id: orderId }, { status: 'cancelled', readyEta: addMs(AT, 60_000) });
    await releaseReservations(orderId);
    expect(await taken()).toEqual([1]);
  });

  it('costs an order of a kitchen without capacity no command', async () => {
    const one = await quoted(await createKitchen());
    const queries = await explainQueries(() => commit(one));
    expect(queries.filter(({ command }) => command.includes('kitchen_'))).toEqual([]);
    expect(await KitchenClaimModel.countDocuments()).toBe(0);
  });
});

describe('a restaurant that gives up counting', () => {
  it('takes orders again at once', async () => {
    setClock({ frozenAt: AT });
    const kitchen = await createKitchen({ capacity: { slotMinutes: 15, maxOrders: 1 } });
    const second = await quoted(kitchen);
    await place(await quoted(kitchen));
    await RestaurantModel.updateOne({ _id: kitchen.restaurantId }, { capacity: null });
    expect((await place(second)).answer.status).toBe('pending_payment');
  });
});

describe('the counts of many kitchens', () => {
  const capacity = { slotMinutes: 15, maxOrders: 1 };

  it('are one query by its index, and none where nobody counts', async () => {
    const kitchens = Array.from({ length: 3 }, () => ({ id: newId(), timeZone: 'UTC', capacity }));
    for (const kitchen of kitchens) await openKitchenSlot(kitchen, AT);
    const plans = await explainQueries(() => findSlotCountsOf(kitchens, AT));
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({ command: 'find kitchen_slots', docsExamined: 3 });
    expect(new Set(plans[0]?.indexes)).toEqual(new Set(['restaurantId_1_startAt_1']));
    const free = kitchens.map((kitchen) => ({ ...kitchen, capacity: null }));
    expect(await explainQueries(() => findSlotCountsOf(free, AT))).toEqual([]);
  });
});
