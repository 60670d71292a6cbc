import { describe, expect, it } from 'vitest';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { orderEventSchema, orderSchema } from '../../../src/modules/orders/order-view.schema.ts';
import { toEventView, toOrderView } from '../../../src/modules/orders/orders.presenter.ts';
import type { OrderViewer } from '../../../src/modules/orders/order.policy.ts';
import type { Actor, Role } from '../../../src/shared/actor.ts';
import { dateFrom } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { StaffRole } from '../../../src/shared/permissions.ts';
import { buildDeliveredOrder } from '../../factories/delivered-order.ts';

/** On its way, so that everybody who may ever see something sees it now. */
function buildOrder(changes: Partial<OrderRecord> = {}): OrderRecord {
  return { ...buildDeliveredOrder(), status: 'picked_up', deliveryStatus: 'picked_up', endedAt: null, ...changes };
}

function actor(userId: string, ...roles: Role[]): Actor {
  return { userId, roles, sessionId: newId() };
}

function staff(role: StaffRole, restaurantId: string, ...roles: Role[]): OrderViewer {
  return { ...actor(newId(), 'restaurant', ...roles), workplaces: [{ restaurantId, role }] };
}

const order = buildOrder();
const BILL = {
  pricing: {
    items: { amount: 67_850, currency: 'INR' },
    deliveryFee: { amount: 2_500, currency: 'INR' },
    serviceFee: { amount: 900, currency: 'INR' },
    tax: { amount: 3_090, currency: 'INR' },
    tip: { amount: 2_000, currency: 'INR' },
    total: { amount: 76_340, currency: 'INR' },
  },
};
const NO_BILL = { pricing: null };
const ADDRESS = { deliveryAddress: order.deliveryAddress };
const NO_ADDRESS = { deliveryAddress: null };

describe('toOrderView', () => {
  it.each([
    ['the customer', actor(order.customerId, 'customer'), { ...BILL, ...ADDRESS }],
    ['the owner', staff('owner', order.restaurantId), { ...BILL, ...NO_ADDRESS }],
    ['a manager', staff('manager', order.restaurantId), { ...BILL, ...NO_ADDRESS }],
    ['the kitchen', staff('kitchen', order.restaurantId), { ...NO_BILL, ...NO_ADDRESS }],
    ['the staff of another restaurant', staff('owner', newId()), { ...NO_BILL, ...NO_ADDRESS }],
    ['who owned the restaurant then', actor(order.ownerId, 'restaurant'), { ...NO_BILL, ...NO_ADDRESS }],
    ['its courier', actor(order.courierId ?? '', 'courier'), { ...NO_BILL, ...ADDRESS }],
    ['support', actor(newId(), 'support'), { ...BILL, ...ADDRESS }],
    ['an admin', actor(newId(), 'admin'), { ...BILL, ...ADDRESS }],
    ['another customer', actor(newId(), 'customer'), { ...NO_BILL, ...NO_ADDRESS }],
    ['another restaurant', actor(newId(), 'restaurant'), { ...NO_BILL, ...NO_ADDRESS }],
    ['another courier', actor(newId(), 'courier'), { ...NO_BILL, ...NO_ADDRESS }],
    ['a stranger of every trade', actor(newId(), 'customer', 'restaurant', 'courier'), { ...NO_BILL, ...NO_ADDRESS }],
    ['the customer who is a courier too', actor(order.customerId, 'customer', 'courier'), { ...BILL, ...ADDRESS }],
    ['the owner who is a courier too', staff('owner', order.restaurantId, 'courier'), { ...BILL, ...NO_ADDRESS }],
  ])('shows %s what concerns them', (_, viewer, seen) => {
    const view = toOrderView(order, viewer);
    expect(view).toMatchObject(seen);
    expect(orderSchema.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
  });

  it('hides the address from the courier once the delivery has ended', () => {
    const ended = buildOrder({ status: 'delivered', endedAt: dateFrom('2026-11-20T12:51:00.000Z') });
    const courier = actor(ended.courierId ?? '', 'courier');
    expect(toOrderView(ended, courier)).toMatchObject({ pricing: null, deliveryAddress: null });
  });

  it('hides it from a courier before anybody is assigned', () => {
    const unassigned = buildOrder({ status: 'ready', courierId: null });
    expect(toOrderView(unassigned, actor(newId(), 'courier')).deliveryAddress).toBeNull();
  });

  it.each([
    ['the customer', actor(order.customerId, 'customer'), true, false],
    ['the owner', staff('owner', order.restaurantId), true, false],
    ['the kitchen', staff('kitchen', order.restaurantId), false, false],
    ['its courier', actor(order.courierId ?? '', 'courier'), false, false],
    ['support', actor(newId(), 'support'), true, true],
  ])('shows %s what is due and who bears it, if at all', (...[, viewer, seesBill, seesLiable]) => {
    const ended = { ...order, amountDueMinor: 5_000, amountRefundedMinor: 700, liableParty: 'courier' as const };
    expect(toOrderView(ended, viewer)).toMatchObject({
      amountDue: seesBill ? { amount: 5_000, currency: 'INR' } : null,
      amountRefunded: seesBill ? { amount: 700, currency: 'INR' } : null,
      liableParty: seesLiable ? 'courier' : null,
    });
  });

  it('shows the kitchen, too, that a card has refused, and what waits for the customer', () => {
    const payAgainUntil = dateFrom('2026-11-20T12:33:00.000Z');
    const openAmendmentId = newId();
    const troubled = buildOrder({ paymentStatus: 'payment_problem', payAgainUntil, openAmendmentId, amendments: 2 });
    expect(toOrderView(troubled, staff('kitchen', order.restaurantId))).toMatchObject({
      ...{ payment: { status: 'payment_problem' }, payAgainUntil: '2026-11-20T12:33:00.000Z' },
      ...{ openAmendmentId, amendments: 2 },
    });
  });

  it('tells a time as things stand beside the one that was promised', () => {
    const readyEta = dateFrom('2026-11-20T13:00:00.000Z');
    const customer = actor(order.customerId, 'customer');
    // 2,800 meters: ten minutes, and three at the door.
    const view = toOrderView(buildOrder({ readyEta, distanceMeters: 2_800 }), customer);
    expect(view).toMatchObject({ eta: '2026-11-20T13:13:00.000Z', promisedAt: order.promisedAt.toISOString() });
    expect(toOrderView(buildOrder({ readyEta, mode: 'collection' }), customer).eta).toBe('2026-11-20T13:00:00.000Z');
    expect(toOrderView(buildOrder({ readyEta: null }), customer).eta).toBe(order.promisedAt.toISOString());
    expect(toOrderView(buildOrder({ readyEta, status: 'cancelled' }), customer).eta).toBeNull();
  });

  it('says what the customer reads on the screen, and from which seq to go on', () => {
    const view = toOrderView(buildOrder({ deliveryStatus: 'at_dropoff', eventSeq: 31 }), actor(newId(), 'support'));
    expect(view).toMatchObject({ status: 'picked_up', displayStatus: 'arriving', lastSeq: 31 });
  });

  it('carries no field of ours beyond the document', () => {
    const row = { ...order, pinHash: 'secret', handoverCode: '1234' } as OrderRecord;
    const text = JSON.stringify(toOrderView(row, actor(newId(), 'admin')));
    expect(text).not.toContain('secret');
    expect(text).not.toContain('1234');
    expect(text).not.toContain(order.ownerId);
    expect(text).not.toContain(order.quoteId);
  });
});

describe('toEventView', () => {
  const at = dateFrom('2026-11-20T12:30:00.000Z');
  const actorId = newId();
  const event = {
    ...{ _id: newId(), orderId: order._id, seq: 2, type: 'order.placed' as const, at },
    ...{ actor: { role: 'system' as const, id: actorId }, data: { status: 'placed' } },
  };

  it('is the message of the sockets, without who did it', () => {
    const view = toEventView(event, 'customer');
    expect(view).toEqual({
      ...{ orderId: order._id, seq: 2, type: 'order.placed' },
      ...{ at: '2026-11-20T12:30:00.000Z', data: { status: 'placed' } },
    });
    expect(orderEventSchema.parse(view)).toEqual(view);
  });

  it('tells the office who did it', () => {
    const view = toEventView(event, 'office');
    expect(view).toMatchObject({ actor: { role: 'system', id: actorId } });
    expect(orderEventSchema.parse(view)).toEqual(view);
  });
});
