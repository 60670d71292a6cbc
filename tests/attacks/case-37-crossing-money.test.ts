import { localCloud } from '../setup/with-local-cloud.ts';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkInvariants } from '../../scripts/check-invariants/index.ts';
import type { Assignment, Order, PlacedOrder } from '../../scripts/demo/bodies.ts';
import type { Player } from '../../scripts/demo/player.ts';
import { closeDispute, openDispute } from '../../scripts/local-cloud/control-client.ts';
import { config } from '../../src/config/index.ts';
import { CourierModel } from '../../src/modules/deliveries/courier.model.ts';
import { DeliveryModel } from '../../src/modules/deliveries/delivery.model.ts';
import { OfferModel } from '../../src/modules/deliveries/offer.model.ts';
import { RefundModel } from '../../src/modules/payments/refunds/refund.model.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { now } from '../../src/shared/clock.ts';
import { buildCourier } from '../factories/courier.ts';
import { atOnce } from '../support/at-once.ts';
import { newPerson, saffronTable, useCity, type Person, type Restaurant } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import {
  bookOf,
  outboxDone,
  pay,
  placeOrder,
  placePaidOrder,
  sendWebhooksTo,
  storedOrder,
  storedPayment,
  tryAccepting,
} from '../support/order-path.ts';
import { startApi, startWorker } from '../support/processes.ts';

const ROUNDS = 3;

let bases: string[];
let restaurant: Restaurant;
let support: Person;

useCity();
beforeAll(async () => {
  // The door is waited at for no time, so that a courier may blame the customer at once.
  const quick = { DROPOFF_WAIT_SECONDS: '1' };
  const [first, second] = await Promise.all([startApi(quick), startApi(quick), startWorker(quick)]);
  bases = [first.base, second.base];
  sendWebhooksTo(first.base);
  restaurant = await saffronTable();
  support = await newPerson({ roles: ['support'] });
});

const baseFor = (index: number) => bases[index % bases.length] ?? '';

type Act = (index: number) => Promise<{ status: number }>;

function post(by: Person | Player, path: string, body: object = {}): Act {
  return (index) => {
    const player = 'at' in by ? by.at(baseFor(index)) : by;
    return player.try('POST', path, { body, idempotencyKey: randomUUID() });
  };
}

const officeCancels = (id: string) =>
  post(support, `/orders/${id}/cancel`, { reason: 'other', liableParty: 'platform' });
const officeRefunds = (id: string, amountMinor: number) =>
  post(support, `/orders/${id}/refunds`, { amountMinor, reason: 'late', liableParty: 'restaurant' });

/** All at once, each twice, over both processes. Nothing but an answer or a refusal; a conflict that waits too long is 503. */
async function cross(acts: readonly Act[]): Promise<void> {
  const doubled = [...acts, ...acts];
  const answers = await atOnce(bases, doubled.length, async (index) => (await doubled[index]?.(index))?.status);
  expect(answers.filter((status) => ![200, 201, 409, 422, 503].includes(status ?? 0))).toEqual([]);
}

/** Every promise is kept, and every rule about the money of every order so far holds. */
async function expectSound(orderId: string): Promise<void> {
  await eventually(async () => {
    await outboxDone(orderId);
    const open = { orderId, status: { $in: ['requested', 'approved', 'processing'] } };
    expect(await RefundModel.collection.countDocuments(open, { comment: 'asked by a test' })).toBe(0);
    const { results } = await checkInvariants({
      ...{ uri: config.mongo.uri, providerUrl: localCloud.stripeUrl, isAtRest: true },
    });
    // Of an order that is still cooked something may be under way, and is no fault.
    const broken = results.filter(({ violations }) => violations > 0);
    expect(broken.map(({ name, examples }) => ({ name, examples }))).toEqual([]);
  }, 30_000);
  const { captured, refunded, disputed } = await bookOf(orderId);
  expect(refunded + disputed).toBeLessThanOrEqual(captured);
}

async function capturedOrder(): Promise<{ order: PlacedOrder; customer: Player }> {
  const placed = await placePaidOrder(baseFor(0), restaurant);
  expect((await tryAccepting(restaurant.owner.at(baseFor(1)), placed.order.id)).status).toBe(200);
  await eventually(async () => {
    expect((await storedPayment(placed.order.id)).status).toBe('captured');
  });
  return placed;
}

/** With a courier who stands at the door. */
async function orderAtTheDoor(): Promise<{ order: PlacedOrder; customer: Player; courier: Person }> {
  const { location } = (await RestaurantModel.findById(restaurant.restaurantId).lean()) ?? {};
  if (location === undefined) throw new Error('the restaurant is nowhere');
  await CourierModel.collection.updateMany({}, { $set: { isOnline: false } });
  const courier = await newPerson({ roles: ['courier'] });
  await CourierModel.insertMany([buildCourier({ _id: courier.userId, location })]);
  const { order, customer } = await capturedOrder();
  const owner = restaurant.owner.at(baseFor(0));
  expect((await owner.try<Order>('POST', `/orders/${order.id}/ready`)).status).toBe(200);
  const offer = await eventually(async () => {
    const row = await OfferModel.findOne({ orderId: order.id, status: 'pending' }).lean();
    if (row === null) throw new Error('no offer yet');
    return row;
  });
  const player = courier.at(baseFor(1));
  const taken = await player.try<Assignment>('POST', `/offers/${offer._id}/accept`, { idempotencyKey: randomUUID() });
  expect(taken.status).toBe(200);
  const { _id: deliveryId, handoverCode, dropoff } = await deliveryOf(order.id);
  const report = (type: string, more: object = {}) =>
    post(player, `/deliveries/${deliveryId}/events`, { type, ...more })(0);
  for (const type of ['en_route_pickup', 'arrived_pickup']) expect((await report(type)).status).toBe(200);
  const handed = await owner.try('POST', `/orders/${order.id}/handover`, { body: { code: handoverCode } });
  expect(handed.status).toBe(200);
  await CourierModel.collection.updateOne(
    { _id: courier.userId as never },
    { $set: { location: dropoff.location, locationAt: now() } },
  );
  expect((await report('arrived_dropoff')).status).toBe(200);
  for (const channel of ['call', 'doorbell']) expect((await report('contact_attempted', { channel })).status).toBe(200);
  return { order, customer, courier };
}

async function deliveryOf(orderId: string) {
  const delivery = await DeliveryModel.findOne({ orderId }).lean();
  if (delivery === null) throw new Error('no delivery');
  return delivery;
}

interface Crossing {
  make: () => Promise<{ order: PlacedOrder; customer: Player; courier?: Person }>;
  acts: (scene: { order: PlacedOrder; customer: Player; courier?: Person }) => Promise<readonly Act[]> | readonly Act[];
  /** What ends it, where the acts may leave it open. */
  end?: (order: PlacedOrder) => Act;
}

const lineOf = async (id: string) => (await storedOrder(id)).items[0]?.lineId ?? '';
const tell = (by: Person, deliveryId: string, body: object) => post(by, `/deliveries/${deliveryId}/events`, body);

const CROSSINGS: Readonly<Record<string, Crossing>> = {
  'cancel, amend, cook': {
    make: capturedOrder,
    acts: async ({ order: { id }, customer }) => {
      const changes = [{ kind: 'reduce', lineId: await lineOf(id), quantity: 1 }];
      return [
        post(customer, `/orders/${id}/cancel`, { reason: 'changed_mind' }),
        post(restaurant.owner, `/orders/${id}/amendments`, { changes }),
        post(restaurant.owner, `/orders/${id}/preparing`),
      ];
    },
    end: ({ id }) => officeCancels(id),
  },
  'refund, cancel by the office, dispute': {
    make: capturedOrder,
    acts: ({ order: { id, payment } }) => [
      officeRefunds(id, payment.amount.amount),
      officeRefunds(id, 1_000),
      officeCancels(id),
      () => disputeOf(id),
    ],
    end: ({ id }) => officeCancels(id),
  },
  'pay, pay again, cancel': {
    make: () => placeOrder(baseFor(0), restaurant),
    acts: ({ order, customer }) => [
      async () => ({ status: (await pay(order)).ok ? 200 : 409 }),
      post(customer, `/orders/${order.id}/pay`),
      post(customer, `/orders/${order.id}/cancel`, { reason: 'changed_mind' }),
    ],
    end: ({ id }) => officeCancels(id),
  },
  'accept, reject, cancel by customer and office': {
    make: () => placePaidOrder(baseFor(0), restaurant),
    acts: ({ order: { id }, customer }) => [
      post(restaurant.owner, `/orders/${id}/accept`, { prepMinutes: 5 }),
      post(restaurant.owner, `/orders/${id}/reject`, { reason: 'too_busy' }),
      post(customer, `/orders/${id}/cancel`, { reason: 'changed_mind' }),
      officeCancels(id),
    ],
    end: ({ id }) => officeCancels(id),
  },
  'deliver, fail by courier and office, cancel': {
    make: orderAtTheDoor,
    acts: async ({ order: { id }, courier }) => {
      const { _id, pin } = await deliveryOf(id);
      const by = courier ?? support;
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      return [
        tell(by, _id, { type: 'delivered', pin }),
        tell(by, _id, { type: 'failed', reason: 'customer_absent', disposal: 'discard' }),
        post(support, `/orders/${id}/fail`, { reason: 'unsafe_place', disposal: 'discard' }),
        officeCancels(id),
      ];
    },
  },
  'deliver, refund, tip': {
    make: orderAtTheDoor,
    acts: async ({ order: { id }, courier, customer }) => {
      const { _id, pin } = await deliveryOf(id);
      const amount = { amount: 2_000, currency: 'INR' };
      return [
        tell(courier ?? support, _id, { type: 'delivered', pin }),
        officeRefunds(id, 1_500),
        post(customer, `/orders/${id}/tip`, { amount }),
      ];
    },
  },
};

/** The bank may find that nothing is left, or that it is disputed already. */
async function disputeOf(orderId: string): Promise<{ status: number }> {
  const { intentId } = await storedPayment(orderId);
  try {
    const { id } = await openDispute(localCloud.stripeUrl, intentId ?? '');
    await closeDispute(localCloud.stripeUrl, id, 'lost');
    return { status: 200 };
  } catch {
    return { status: 409 };
  }
}

describe('case 37: commands of different kinds on one order, at once, over two processes', () => {
  it.each(Object.entries(CROSSINGS))(
    '%s: one end, and money that fits it',
    { timeout: 240_000 },
    async (_, crossing) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const scene = await crossing.make();
        await cross(await crossing.acts(scene));
        await crossing.end?.(scene.order)(0);
        await expectSound(scene.order.id);
      }
    },
  );
});
