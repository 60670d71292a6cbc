import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { openQueue } from '../../../src/infra/queue/define-queue.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import { couriers } from '../../../src/modules/deliveries/courier.model.ts';
import { recordLocations } from '../../../src/modules/deliveries/courier-locations.service.ts';
import { setAvailability } from '../../../src/modules/deliveries/couriers.service.ts';
import { deliveries } from '../../../src/modules/deliveries/delivery.model.ts';
import {
  createDelivery as createDeliveryOf,
  reportStalled,
  startOffers,
  startOffersOfOrder,
} from '../../../src/modules/deliveries/dispatch.service.ts';
import { declineOffer, listOffers } from '../../../src/modules/deliveries/offers.service.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { courierActor, createCourier, createCouriersAt } from '../../factories/courier.ts';
import {
  createAcceptedOrder,
  createAssignedDelivery,
  createDelivery,
  createOfferingDelivery,
  getStoredDelivery,
  getStoredOffer,
  getStoredOrder,
  listStoredOffers,
} from '../../factories/delivery.ts';
import { metersNorth, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

const MINUTE = 60_000;
const START = new Date('2026-11-20T12:00:00.000Z');
const TTL = config.dispatch.offerTtlSeconds * 1000;

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
async function passTime(ms: number): Promise<void> {
  await openQueue('timer').obliterate({ force: true });
  setClock({ frozenAt: addMs(now(), ms) });
  await fireDueTimers(now());
}

async function typesOf(orderId: string): Promise<string[]> {
  const events = await OrderEventModel.find({ orderId }).sort({ seq: 1 }).lean();
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  return events.map(({ type }) => type);
}

describe('createDelivery', () => {
  it('writes delivery, event, and T4 for an accepted order', async () => {
    const order = await createAcceptedOrder({}, { prepMinutes: 20 });
    await createDeliveryOf(order._id);
    const delivery = await getStoredDelivery(order._id);
    expect(delivery).toMatchObject({
      status: 'unassigned',
      customerId: order.customerId,
      courierId: null,
      feeMinor: 4_900,
      pickup: { name: 'Pepper House', location: { type: 'Point', coordinates: [TOWN.lng, TOWN.lat] } },
      dropoff: { line1: '12 Lighthouse Lane' },
    });
    expect(delivery.pin).toMatch(/^\d{4}$/);
    expect(delivery.handoverCode).toMatch(/^\d{4}$/);
    expect(await typesOf(order._id)).toEqual(['order.created', 'order.placed', 'order.accepted', 'delivery.created']);
    expect((await getStoredOrder(order._id)).deliveryStatus).toBe('unassigned');
    const timer = await TimerModel.findOne({ kind: 'delivery.dispatch', subjectId: delivery._id }).lean();
    expect(timer?.dueAt).toEqual(addMs(START, 13 * MINUTE));
  });

  it('makes one delivery when the job runs ten times at once, and again later', async () => {
    const { _id } = await createAcceptedOrder();
    await Promise.all(Array.from({ length: 10 }, () => createDeliveryOf(_id)));
    await createDeliveryOf(_id);
    expect(await deliveries().countDocuments({ orderId: _id })).toBe(1);
    expect((await typesOf(_id)).filter((type) => type === 'delivery.created')).toHaveLength(1);
  });

  it('makes none for an order that has ended meanwhile', async () => {
    const { _id } = await createAcceptedOrder();
    await OrderModel.updateOne({ _id }, { status: 'cancelled' });
    await createDeliveryOf(_id);
    expect(await deliveries().countDocuments({})).toBe(0);
    expect(await typesOf(_id)).not.toContain('delivery.created');
  });

  it('puts no PIN and no code into any event or outbox row', async () => {
    const { delivery } = await createAssignedDelivery();
    const events = JSON.stringify([await OrderEventModel.find().lean(), await OutboxModel.find().lean()]);
    expect(events).not.toContain(`"${delivery.pin}"`);
    expect(events).not.toContain(`"${delivery.handoverCode}"`);
    expect(events).not.toMatch(/"(pin|handoverCode|line1)"/);
  });
});

describe('the first round (T4)', () => {
  it('asks the nearest five at once when the timer fires, its job deleted', async () => {
    const near = await createCouriersAt(1_400, 200, 700, 900, 100, 1_200);
    const order = await createAcceptedOrder({}, { prepMinutes: 20 });
    await createDeliveryOf(order._id);
    const { _id } = await getStoredDelivery(order._id);
    await passTime(13 * MINUTE - 1);
    expect(await listStoredOffers(_id)).toEqual([]);
    await couriers().updateMany({}, { $set: { locationAt: now() } });
    await passTime(1);
    const offers = await listStoredOffers(_id);
    expect(offers.map(({ courierId }) => courierId)).toEqual([4, 1, 2, 3, 5].map((index) => near[index]?._id));
    // MongoDB's earth is a little larger than ours.
    expect(offers.map(({ distanceMeters }) => Math.round(distanceMeters / 10) * 10)).toEqual([
      100, 200, 700, 900, 1_200,
    ]);
    expect(offers[0]).toMatchObject({ round: 1, rank: 1, askedCount: 5, radiusMeters: 1_500, status: 'pending' });
    expect(offers[0]?.expiresAt).toEqual(addMs(now(), TTL));
    expect((await getStoredOrder(order._id)).deliveryStatus).toBe('offering');
  });

  it('tells each courier through the outbox, and nothing about the customer', async () => {
    const courier = await createCourier();
    const delivery = await createOfferingDelivery();
    const rows = await OutboxModel.find({ event: 'offer.created' }).lean();
    const offer = await getStoredOffer(delivery._id, courier._id);
    expect(rows.map(({ payload }) => payload)).toEqual([
      {
        offerId: offer._id,
        courierId: courier._id,
        deliveryId: delivery._id,
        orderId: delivery.orderId,
        expiresAt: addMs(START, TTL).toISOString(),
        pickup: { name: 'Pepper House', location: TOWN },
        distanceMeters: 0,
        tripMeters: 2_552,
        fee: { amount: 4_900, currency: 'INR' },
      },
    ]);
  });

  it('asks nobody who is offline, busy, not approved, out of the ring, or whose fix is old', async () => {
    await createCourier({ isOnline: false });
    await createCourier({ activeDeliveryId: 'f'.repeat(24) });
    await createCourier({ status: 'pending' });
    await createCourier({ status: 'suspended' });
    await createCourier({ location: metersNorth(1_550) });
    await createCourier({ location: null, locationAt: null });
    await createCourier({ locationAt: addMs(START, -config.dispatch.fixMaxAgeSeconds * 1000) });
    const fresh = await createCourier({ locationAt: addMs(START, -config.dispatch.fixMaxAgeSeconds * 1000 + 1) });
    const { _id } = await createOfferingDelivery();
    expect((await listStoredOffers(_id)).map(({ courierId }) => courierId)).toEqual([fresh._id]);
  });

  it('starts once, whatever fires twice', async () => {
    await createCourier();
    const { _id, orderId } = await createDelivery();
    await Promise.all([startOffers(_id), startOffers(_id), startOffersOfOrder(orderId)]);
    expect(await listStoredOffers(_id)).toHaveLength(1);
    expect((await typesOf(orderId)).filter((type) => type === 'delivery.offering')).toHaveLength(1);
  });

  it('does not start for an order that has ended', async () => {
    const { _id, orderId } = await createDelivery();
    await OrderModel.updateOne({ _id: orderId }, { status: 'cancelled' });
    await startOffers(_id);
    expect((await getStoredDelivery(orderId)).status).toBe('unassigned');
  });
});

describe('rounds', () => {
  it('widen 1.5, 3, 5, 8 km, soon after each other while nobody is there to ask', async () => {
    await createCourier({ location: metersNorth(7_900), locationAt: addMs(START, MINUTE) });
    const { _id } = await createOfferingDelivery();
    await passTime(2_000);
    await passTime(2_000);
    expect(await listStoredOffers(_id)).toEqual([]);
    await passTime(1_999);
    expect(await listStoredOffers(_id)).toEqual([]);
    await passTime(1);
    expect(await listStoredOffers(_id)).toMatchObject([{ round: 4, radiusMeters: 8_000, status: 'pending' }]);
  });

  it('go on at the largest ring once per life of an offer', async () => {
    const { orderId } = await createOfferingDelivery();
    for (const ms of [2_000, 2_000, 2_000]) await passTime(ms);
    expect((await getStoredDelivery(orderId)).round).toBe(4);
    await passTime(TTL - 1);
    expect((await getStoredDelivery(orderId)).round).toBe(4);
    await passTime(1);
    expect((await getStoredDelivery(orderId)).round).toBe(5);
  });

  it('expire what nobody answered and ask again, but never those who said no', async () => {
    const [silent, unwilling] = await createCouriersAt(100, 200);
    const { _id } = await createOfferingDelivery();
    await declineOffer((await getStoredOffer(_id, unwilling?._id ?? ''))._id, courierActor(unwilling ?? { _id: '' }));
    await passTime(TTL);
    await passTime(TTL);
    const offers = await listStoredOffers(_id);
    expect(offers.map(({ courierId, round, status }) => ({ courierId, round, status }))).toEqual([
      { courierId: silent?._id, round: 1, status: 'expired' },
      { courierId: unwilling?._id, round: 1, status: 'declined' },
      { courierId: silent?._id, round: 2, status: 'expired' },
      { courierId: silent?._id, round: 3, status: 'pending' },
    ]);
  });

  it('ask the next nearest at once when somebody declines', async () => {
    const near = await createCouriersAt(100, 200, 300, 400, 500, 600);
    const { _id } = await createOfferingDelivery();
    const first = near[0] ?? { _id: '' };
    await declineOffer((await getStoredOffer(_id, first._id))._id, courierActor(first));
    await passTime(0);
    const last = await getStoredOffer(_id, near[5]?._id ?? '');
    expect(last).toMatchObject({ round: 1, status: 'pending', rank: 1, askedCount: 1 });
  });

  it('are over at once when the last one thinking declines', async () => {
    const [courier] = await createCouriersAt(100);
    await createCouriersAt(2_500);
    const { _id } = await createOfferingDelivery();
    await declineOffer((await getStoredOffer(_id, courier?._id ?? ''))._id, courierActor(courier ?? { _id: '' }));
    await passTime(0);
    expect((await listStoredOffers(_id)).at(-1)).toMatchObject({ round: 2, radiusMeters: 3_000, status: 'pending' });
  });

  it('offer within a second step to whoever comes online meanwhile', async () => {
    const sleeper = await createCourier({ isOnline: false, location: null, locationAt: null });
    const { _id } = await createOfferingDelivery();
    await setAvailability({ isOnline: true, location: TOWN }, courierActor(sleeper));
    await passTime(0);
    expect(await listOffers(courierActor(sleeper))).toMatchObject([{ deliveryId: _id, status: 'pending' }]);
  });

  it('offer to whoever is online and sends a first position', async () => {
    const lost = await createCourier({ location: null, locationAt: null });
    const { _id } = await createOfferingDelivery();
    await recordLocations([{ ...TOWN, at: now() }], courierActor(lost));
    await passTime(0);
    expect(await listOffers(courierActor(lost))).toMatchObject([{ deliveryId: _id }]);
  });

  it('ask elsewhere at once when a courier goes offline, and ask that courier again afterwards', async () => {
    const [leaver, other] = await createCouriersAt(100, 2_000);
    const { _id } = await createOfferingDelivery();
    await setAvailability({ isOnline: false }, courierActor(leaver ?? { _id: '' }));
    await passTime(0);
    expect(await listStoredOffers(_id)).toMatchObject([
      { courierId: leaver?._id, status: 'withdrawn' },
      { courierId: other?._id, status: 'pending', round: 2 },
    ]);
    await setAvailability({ isOnline: true }, courierActor(leaver ?? { _id: '' }));
    await passTime(0);
    expect(await listOffers(courierActor(leaver ?? { _id: '' }))).toHaveLength(1);
  });

  it('never ask one courier twice in a round when two steps run at once', async () => {
    await createCouriersAt(100, 200, 300);
    const { _id } = await createOfferingDelivery();
    setClock({ frozenAt: addMs(now(), TTL) });
    await TimerModel.updateMany({}, { claimedUntil: new Date(0), dueAt: now() });
    await Promise.all([fireDueTimers(now()), fireDueTimers(now()), fireDueTimers(now())]);
    const open = (await listStoredOffers(_id)).filter(({ status }) => status === 'pending');
    expect(open.map(({ round }) => round)).toEqual([2, 2, 2]);
  });
});

describe('delivery.stalled', () => {
  it('is said once after eight minutes without a taker, and the search goes on', async () => {
    const { orderId } = await createOfferingDelivery();
    for (let passed = 0; passed < 8 * MINUTE - TTL; passed += TTL) await passTime(TTL);
    expect(await typesOf(orderId)).not.toContain('delivery.stalled');
    for (let passed = 0; passed < 3 * MINUTE; passed += TTL) await passTime(TTL);
    expect((await typesOf(orderId)).filter((type) => type === 'delivery.stalled')).toHaveLength(1);
    const late = await createCourier();
    await passTime(TTL);
    expect(await listOffers(courierActor(late))).toHaveLength(1);
  });

  it('is said once when its timer fires twice at once', async () => {
    const { _id, orderId } = await createOfferingDelivery();
    await Promise.all([reportStalled(_id), reportStalled(_id)]);
    await reportStalled(_id);
    expect((await typesOf(orderId)).filter((type) => type === 'delivery.stalled')).toHaveLength(1);
  });

  it('is not said of a delivery that was taken', async () => {
    const { delivery } = await createAssignedDelivery();
    await couriers().updateMany({}, { $set: { locationAt: addMs(now(), 20 * MINUTE) } });
    await passTime(20 * MINUTE);
    expect(await typesOf(delivery.orderId)).not.toContain('delivery.stalled');
    expect(await TimerModel.countDocuments({ subjectId: delivery._id, kind: 'delivery.stalled' })).toBe(0);
  });
});
