import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { DeliveryModel } from '../../../src/modules/deliveries/delivery.model.ts';
import { payouts } from '../../../src/modules/ledger/payouts/payout.model.ts';
import { runPayouts } from '../../../src/modules/ledger/payouts/run-payouts.service.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { RefundModel } from '../../../src/modules/payments/refunds/refund.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createDeliveryAtDropoff } from '../../factories/delivery.ts';
import { createEarning } from '../../factories/ledger.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { createCapturedOrder, createRefund } from '../../factories/refund.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createMember } from '../../factories/staff.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  await resetRateLimits();
  await emptyCollections();
});
afterAll(() => app.stop());

function send(login: Login, path: string, body: object = {}) {
  return app.request
    .post(`/api/v1${path}`)
    .set({ ...login.headers, 'Idempotency-Key': randomUUID() })
    .send(body);
}

const OFFICE = ['customer', 'courier', 'support', 'admin'] as const;

/** Makes somebody of the office a party of the order. */
const SIDES = {
  customer: (orderId: string, userId: string) => OrderModel.updateOne({ _id: orderId }, { customerId: userId }),
  courier: (orderId: string, userId: string) => OrderModel.updateOne({ _id: orderId }, { courierId: userId }),
  kitchen: async (orderId: string, userId: string) => {
    const { restaurantId } = await getStoredOrder(orderId);
    await createMember({ restaurantId, userId, role: 'kitchen' });
  },
} as const;
type Side = keyof typeof SIDES;
const ALL = Object.keys(SIDES) as Side[];

async function expectRefused(res: Awaited<ReturnType<typeof send>>, as: string): Promise<void> {
  expect(errorOf(res), res.text).toMatchObject({ status: 403, code: 'own_side', details: { as } });
  await eventually(async () => {
    expect(await AuditModel.countDocuments({ event: 'money.own_side_refused' })).toBeGreaterThan(0);
  });
}

const nameOf = (side: Side) => (side === 'kitchen' ? 'restaurant' : side);

describe('the office, about an order of its own side', () => {
  it.each(ALL)('does not refund as %s, nor make a failed refund again', async (side) => {
    const office = await logInAs({ roles: [...OFFICE] });
    const order = await createCapturedOrder();
    await SIDES[side](order._id, office.userId);
    const refund = await createRefund(await getStoredOrder(order._id));
    await RefundModel.updateOne({ _id: refund._id }, { status: 'failed' });
    const body = { amountMinor: 100, reason: 'late', liableParty: 'platform' };
    await expectRefused(await send(office, `/orders/${order._id}/refunds`, body), nameOf(side));
    await expectRefused(await send(office, `/refunds/${refund._id}/retry`), nameOf(side));
    expect(await RefundModel.countDocuments({ orderId: order._id })).toBe(1);
  });

  it.each(ALL)('does not cancel it and say who bears it as %s', async (side) => {
    const office = await logInAs({ roles: [...OFFICE] });
    const order = await createOrderIn('preparing');
    await SIDES[side](order._id, office.userId);
    const body = { reason: 'other', liableParty: 'platform' };
    await expectRefused(await send(office, `/orders/${order._id}/cancel`, body), nameOf(side));
    await expectRefused(await send(office, `/orders/${order._id}/cancel?dryRun=true`, body), nameOf(side));
    expect((await getStoredOrder(order._id)).status).toBe('preparing');
  });

  it('still cancels it as the customer it is', async () => {
    const office = await logInAs({ roles: [...OFFICE] });
    const order = await createOrderIn('placed', { customerId: office.userId });
    await send(office, `/orders/${order._id}/cancel`).expect(200);
  });

  it.each(ALL)('does not fail its delivery as %s', async (side) => {
    const office = await logInAs({ roles: [...OFFICE] });
    const { delivery } = await createDeliveryAtDropoff();
    await SIDES[side](delivery.orderId, office.userId);
    const { customerId, courierId } = await getStoredOrder(delivery.orderId);
    await DeliveryModel.updateOne({ _id: delivery._id }, { customerId, courierId });
    const body = { reason: 'unsafe_place', disposal: 'discard' };
    await expectRefused(await send(office, `/orders/${delivery.orderId}/fail`, body), nameOf(side));
  });
});

describe('an admin, about money of their own', () => {
  it('neither runs payouts nor settles one, as courier, as owner, or as who works there', async () => {
    const restaurant = await createRestaurant();
    const { ownerId } = restaurant;
    const [courier, manager, stranger] = [
      await logInAs({ roles: ['courier', 'admin'] }),
      await logInAs({ roles: ['admin'] }),
      await logInAs({ roles: ['admin'] }),
    ];
    await createMember({ restaurantId: restaurant._id, userId: manager.userId, role: 'manager' });
    await createEarning({ courier: courier.userId, amountMinor: 500 });
    await createEarning({ restaurant: ownerId, amountMinor: 700 });
    await runPayouts();
    await expectRefused(await send(courier, '/admin/payouts/run'), 'courier');
    await expectRefused(await send(manager, '/admin/payouts/run'), 'restaurant');
    const rows = await payouts().find({}, { comment: 'asked by a test' }).toArray();
    for (const { _id, party } of rows) {
      const own = party === 'courier' ? courier : manager;
      await expectRefused(await send(own, `/admin/payouts/${_id}/paid`, { reference: 'X1' }), party);
      await expectRefused(await send(own, `/admin/payouts/${_id}/failed`, { reason: 'closed' }), party);
      await send(stranger, `/admin/payouts/${_id}/paid`, { reference: 'X1' }).expect(200);
    }
    expect(rows).toHaveLength(2);
    await send(stranger, '/admin/payouts/run').expect(202);
  });

  it('does not write down cash that they say they handed in', async () => {
    const both = await logInAs({ roles: ['courier', 'admin'] });
    await createEarning({ courier: both.userId, cash: true, amountMinor: 500 });
    const body = { amount: { amount: 500, currency: 'INR' } };
    await expectRefused(await send(both, `/admin/couriers/${both.userId}/cash-deposits`, body), 'courier');
  });

  it('does not agree the commission of where they work', async () => {
    const restaurant = await createRestaurant();
    const manager = await logInAs({ roles: ['admin'] });
    await createMember({ restaurantId: restaurant._id, userId: manager.userId, role: 'manager' });
    const res = await app.request
      .put(`/api/v1/admin/restaurants/${restaurant._id}/commission`)
      .set({ ...manager.headers, 'If-Match': `"${restaurant.version}"`, 'Idempotency-Key': newId() })
      .send({ commissionBasisPoints: 0 });
    await expectRefused(res, 'restaurant');
  });
});
