import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { releaseReservations } from '../../../src/modules/checkout/reservations.service.ts';
import { proposeAmendment } from '../../../src/modules/orders/amendments/amendments.service.ts';
import { respondToAmendment } from '../../../src/modules/orders/amendments/settle-amendment.service.ts';
import { cancelOrder } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import { giveUpUncollected } from '../../../src/modules/orders/collection/collection.service.ts';
import { failOrder, type OrderRecord, type OrderStatus } from '../../../src/modules/orders/index.ts';
import { priceOrder } from '../../../src/modules/pricing/index.ts';
import { claimCoupon, couponUserId } from '../../../src/modules/promotions/coupon-claims.service.ts';
import { CouponUserModel, RedemptionModel } from '../../../src/modules/promotions/coupon-use.model.ts';
import { CouponModel } from '../../../src/modules/promotions/coupon.model.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { secondsFromNow, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { LIABLE_PARTIES, type LiableParty } from '../../../src/shared/liable-party.ts';
import { createCoupon } from '../../factories/coupon.ts';
import {
  createOrderIn,
  createUnpaidExpiredOrder,
  customerActor,
  getStoredOrder,
  idempotent,
  ownerActor,
} from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

const [SOUP, RICE] = [newId(), newId()];

/** A soup of 100.00 and a rice of 50.00 with a fifth off: 30.00. */
function bill() {
  const line = { optionPricesMinor: [], quantity: 1, taxCategory: 'food' };
  const pricing = priceOrder({
    ...{ currency: 'INR', taxRates: { food: 500 }, pricesIncludeTax: false, distanceMeters: 2_552 },
    lines: [
      { ...line, id: SOUP, unitPriceMinor: 10_000 },
      { ...line, id: RICE, unitPriceMinor: 5_000 },
    ],
    feeTable: { bands: [{ upToMeters: 10_000, feeMinor: 2_500 }], freeDeliveryOverMinor: null },
    discount: { kind: 'percentage', value: 2_000, maxDiscountMinor: null, lineIds: null },
  });
  const item = { quantity: 1, options: [] };
  const items = [
    { ...item, itemId: newId(), lineId: SOUP, name: 'Soup', unitPriceMinor: 10_000, lineTotalMinor: 10_000 },
    { ...item, itemId: newId(), lineId: RICE, name: 'Rice', unitPriceMinor: 5_000, lineTotalMinor: 5_000 },
  ];
  return { pricing, items };
}

interface Promoted {
  couponId: string;
  customerId: string;
  coupon: OrderRecord['coupon'];
}

async function promoted(): Promise<Promoted> {
  const { _id: couponId, code, fundedBy } = await createCoupon({ budgetMinor: 3_000, totalLimit: 1, perUserLimit: 1 });
  return { couponId, customerId: newId(), coupon: { couponId, code, discountMinor: 3_000, fundedBy } };
}

async function claimFor(orderId: string, { couponId, customerId }: Promoted): Promise<void> {
  await withTransaction((tx) => claimCoupon(tx, { couponId, orderId, customerId, discountMinor: 3_000 }));
}

async function orderIn(status: OrderStatus, mode: OrderRecord['mode'] = 'delivery') {
  const given = await promoted();
  const { customerId, coupon } = given;
  const order = await createOrderIn(status, { ...bill(), customerId, coupon, mode });
  await claimFor(order._id, given);
  return { order, given };
}

const usesOf = async ({ couponId, customerId }: Promoted) => {
  const coupon = await CouponModel.findById(couponId).lean();
  const user = await CouponUserModel.findById(couponUserId(couponId, customerId)).lean();
  return [coupon?.uses, coupon?.spentMinor, user?.uses];
};
const USED = [1, 3_000, 1];
const BACK = [0, 0, 0];

/** As often as the job may come, and several at once. */
async function told(orderId: string): Promise<void> {
  await Promise.all([releaseReservations(orderId), releaseReservations(orderId)]);
  await releaseReservations(orderId);
}

const OFFICE: Actor = { userId: newId(), roles: ['support'], sessionId: newId() };

function cancelAs(actor: Actor, { _id: orderId }: OrderRecord, body: object = {}) {
  return cancelOrder({ orderId, ...body, idempotency: idempotent(actor, 'cancelOrder') }, actor);
}

const byCustomer = (order: OrderRecord) => cancelAs(customerActor(order), order);
const byRestaurant = (order: OrderRecord) => cancelAs(ownerActor(order), order, { reason: 'too_busy' });
const byOffice = (liableParty: LiableParty) => (order: OrderRecord) =>
  cancelAs(OFFICE, order, { reason: 'other', liableParty });
const failed = (liableParty: LiableParty) => (order: OrderRecord) =>
  withTransaction((tx) =>
    failOrder(tx, {
      ...{ orderId: order._id, actor: { role: 'courier' as const, id: null }, reason: 'other', liableParty },
      ...{ amountDueMinor: 0, courierFeeMinor: 0 },
    }),
  );

type Row = [end: string, from: OrderStatus, end: (order: OrderRecord) => Promise<unknown>, left: number[]];

const ENDS: Row[] = [
  ['rejected', 'rejected', () => Promise.resolve(), BACK],
  ['not answered', 'expired', () => Promise.resolve(), BACK],
  ['cancelled by its customer before it is accepted', 'placed', byCustomer, BACK],
  ['cancelled by its customer within the minute', 'accepted', byCustomer, BACK],
  [
    'cancelled by its customer later',
    'accepted',
    (order) => {
      setClock({ frozenAt: secondsFromNow(61) });
      return byCustomer(order);
    },
    USED,
  ],
  ['cancelled by its restaurant', 'preparing', byRestaurant, BACK],
  ...LIABLE_PARTIES.map((party): Row => {
    return [`cancelled by us later, ${party} liable`, 'preparing', later(byOffice(party)), leftBy(party)];
  }),
  ...LIABLE_PARTIES.map((party): Row => {
    return [`failed at the door, ${party} liable`, 'picked_up', later(failed(party)), leftBy(party)];
  }),
  ['delivered', 'delivered', () => Promise.resolve(), USED],
  ['collected', 'collected', () => Promise.resolve(), USED],
];

function leftBy(party: LiableParty): number[] {
  return party === 'customer' ? USED : BACK;
}

function later(end: (order: OrderRecord) => Promise<unknown>) {
  return (order: OrderRecord) => {
    setClock({ frozenAt: secondsFromNow(600) });
    return end(order);
  };
}

describe('the coupon of an order', () => {
  it.each(ENDS)('that is %s: uses, budget and the customer’s uses are as the table says, once', async (...row) => {
    const [, from, end, left] = row;
    const { order, given } = await orderIn(from);
    await end(order);
    await told(order._id);
    expect(await usesOf(given)).toEqual(left);
  });

  it('that nobody collects is used up', async () => {
    const { order, given } = await orderIn('ready', 'collection');
    await later(({ _id }) => giveUpUncollected(_id))(order);
    expect((await getStoredOrder(order._id)).status).toBe('no_show');
    await told(order._id);
    expect(await usesOf(given)).toEqual(USED);
  });

  it('that nobody paid comes back', async () => {
    const given = await promoted();
    const order = await createUnpaidExpiredOrder({ ...bill(), customerId: given.customerId, coupon: given.coupon });
    await claimFor(order._id, given);
    await told(order._id);
    expect(await usesOf(given)).toEqual(BACK);
  });
});

describe('an amendment', () => {
  const amend = async (order: OrderRecord, answer: 'accepted' | 'cancelled_order') => {
    const changes = [{ kind: 'remove' as const, lineId: RICE, isSoldOut: false }];
    const { amendments } = await proposeAmendment({ orderId: order._id, changes }, ownerActor(order));
    const [{ _id: amendmentId } = { _id: '' }] = amendments;
    await respondToAmendment({ orderId: order._id, amendmentId, answer }, customerActor(order));
  };

  it('gives back to the budget what is taken off less, and its cancellation what is left', async () => {
    const { order, given } = await orderIn('accepted');
    await amend(order, 'accepted');
    expect(await usesOf(given)).toEqual([1, 2_000, 1]);
    expect(await RedemptionModel.findById(order._id).lean()).toMatchObject({ discountMinor: 2_000 });
    await later(byRestaurant)(await getStoredOrder(order._id));
    await told(order._id);
    expect(await usesOf(given)).toEqual(BACK);
  });

  it('that its customer answers by cancelling gives all of it back', async () => {
    const { order, given } = await orderIn('accepted');
    await later((one) => amend(one, 'cancelled_order'))(order);
    await told(order._id);
    expect(await usesOf(given)).toEqual(BACK);
  });
});
