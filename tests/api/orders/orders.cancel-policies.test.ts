import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { cancelOrderRoute } from '../../../src/modules/orders/cancellation/cancellation.schema.ts';
import { recordPaymentEvent, type OrderStatus } from '../../../src/modules/orders/index.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { getStoredOrder } from '../../factories/order.ts';
import { createMember } from '../../factories/staff.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { errorOf } from '../../support/responses.ts';
import { pathOf, sceneOf, type OrderScene } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

/** The card's money was taken, as it is once the restaurant has accepted. */
async function capturedScene(status: OrderStatus): Promise<OrderScene> {
  const scene = await sceneOf(status);
  const captured = { orderId: scene.order._id, type: 'payment.captured', paymentStatus: 'captured' } as const;
  await withTransaction((tx) => recordPaymentEvent(tx, captured));
  return { ...scene, order: await getStoredOrder(scene.order._id) };
}

function cancel(order: { _id: string }, { headers }: Login, body: object) {
  return app.request.post(pathOf(order, 'cancel')).set(headers).set('Idempotency-Key', newId()).send(body);
}

/** Without a key: nothing is written. */
function ask(order: { _id: string }, { headers }: Login, body: object) {
  return app.request.post(pathOf(order, 'cancel')).query({ dryRun: 'true' }).set(headers).send(body);
}

describe('POST /orders/:orderId/cancel by the customer, after the acceptance', () => {
  it.each([
    [59_000, 'within_a_minute', 0],
    [61_000, 'food_cost', 6_300],
  ])('%i ms later is %s: the dry run tells what the command then does', async (offsetMs, policy, fee) => {
    const { customer, order } = await capturedScene('accepted');
    setClock({ offsetMs });
    const before = await hashDatabase();
    const told = await ask(order, customer, {}).expect(200);
    expectContract(cancelOrderRoute, told);
    expect(await hashDatabase()).toEqual(before);
    const { totalMinor } = order.pricing;
    expect(told.body).toEqual({
      ...{ allowed: true, policy, liableParty: 'customer', reason: 'changed_mind' },
      ...{ fee: { amount: fee, currency: 'INR' }, refund: { amount: totalMinor - fee, currency: 'INR' } },
    });
    const done = await cancel(order, customer, {}).expect(200);
    expectContract(cancelOrderRoute, done);
    const stored = await getStoredOrder(order._id);
    expect(stored).toMatchObject({ status: 'cancelled', amountDueMinor: fee, liableParty: 'customer' });
    expect(stored.pricing).toEqual(order.pricing);
    expect((await expectSoundOrder(order._id)).at(-1)?.data).toMatchObject({
      ...{ reason: 'changed_mind', liableParty: 'customer', currency: 'INR' },
      ...{ feeMinor: fee, refundMinor: totalMinor - fee },
    });
  });

  it.each(['preparing', 'ready', 'picked_up'] as const)('of an order that is %s is not possible', async (status) => {
    const { customer, order } = await capturedScene(status);
    const told = await ask(order, customer, {}).expect(200);
    expect(told.body).toMatchObject({ allowed: false, policy: 'not_possible', fee: { amount: 0 }, liableParty: null });
    expect(errorOf(await cancel(order, customer, {}).expect(409)).code).toBe('invalid_transition');
  });

  it.each([{ liableParty: 'platform' }, { feeMinor: 0 }])('does not get to say %j', async (body) => {
    const { customer, order } = await capturedScene('accepted');
    const before = await hashDatabase();
    for (const send of [ask, cancel]) {
      expect(errorOf(await send(order, customer, body).expect(400)).code).toBe('validation_failed');
    }
    expect(await hashDatabase()).toEqual(before);
  });
});

describe('POST /orders/:orderId/cancel by the restaurant', () => {
  it.each(['accepted', 'preparing', 'ready'] as const)('refunds an order that is %s at its expense', async (status) => {
    const { owner, order } = await capturedScene(status);
    const told = await ask(order, owner, { reason: 'equipment_failed' }).expect(200);
    expect(told.body).toMatchObject({ allowed: true, policy: 'full_refund', refund: { amount: 11_200 } });
    const done = await cancel(order, owner, { reason: 'equipment_failed' }).expect(200);
    expect(done.body).toMatchObject({ status: 'cancelled', reason: 'equipment_failed' });
    expect(await getStoredOrder(order._id)).toMatchObject({ amountDueMinor: 0, liableParty: 'restaurant' });
    const last = (await expectSoundOrder(order._id)).at(-1);
    expect(last).toMatchObject({ actor: { role: 'restaurant', id: owner.userId }, data: { refundMinor: 11_200 } });
  });

  it('needs a reason, and is not for the kitchen', async () => {
    const { owner, order } = await capturedScene('preparing');
    const kitchen = await logInAs({ roles: ['restaurant'] });
    await createMember({ restaurantId: order.restaurantId, userId: kitchen.userId, role: 'kitchen' });
    const before = (await getStoredOrder(order._id)).eventSeq;
    expect(errorOf(await cancel(order, owner, {}).expect(400)).details).toMatchObject([{ path: 'reason' }]);
    await cancel(order, kitchen, { reason: 'other' }).expect(403);
    const strange = await cancel(order, owner, { reason: 'changed_mind' }).expect(400);
    expect(errorOf(strange).details).toMatchObject([{ path: 'reason', code: 'not_yours' }]);
    expect((await getStoredOrder(order._id)).eventSeq).toBe(before);
  });

  it.each(['placed', 'picked_up'] as const)('of an order that is %s is 409', async (status) => {
    const { owner, order } = await capturedScene(status);
    expect(errorOf(await cancel(order, owner, { reason: 'other' }).expect(409)).details).toEqual({ status });
  });
});

describe('POST /orders/:orderId/cancel by the office', () => {
  const BODY = { reason: 'courier_unavailable', liableParty: 'platform' };

  it.each(['pending_payment', 'placed', 'accepted', 'preparing', 'ready', 'picked_up'] as const)(
    'ends an order that is %s, audited with who bears it',
    async (status) => {
      const { order } = await capturedScene(status);
      const support = await logInAs({ roles: ['support'] });
      await cancel(order, support, { ...BODY, feeMinor: 1_000 }).expect(200);
      expect(await getStoredOrder(order._id)).toMatchObject({
        ...{ status: 'cancelled', amountDueMinor: 1_000, liableParty: 'platform', reason: 'courier_unavailable' },
      });
      await expectSoundOrder(order._id);
      expect(await AuditModel.findOne({ event: 'order.cancelled' }).lean()).toMatchObject({
        ...{ actorId: support.userId, subjectId: order._id, reason: 'courier_unavailable', before: { status } },
        after: { status: 'cancelled', liableParty: 'platform', feeMinor: 1_000, refundMinor: 10_200 },
      });
    },
  );

  it.each([{ reason: 'other' }, { liableParty: 'courier' }])('needs reason and liable party: %j', async (body) => {
    const { order } = await capturedScene('accepted');
    await cancel(order, await logInAs({ roles: ['admin'] }), body).expect(400);
  });

  it('keeps no more than is held', async () => {
    const { order } = await capturedScene('accepted');
    const admin = await logInAs({ roles: ['admin'] });
    const res = await cancel(order, admin, { ...BODY, feeMinor: 11_201 }).expect(422);
    expect(errorOf(res)).toMatchObject({ code: 'fee_too_high', details: { maxMinor: 11_200 } });
    expect((await getStoredOrder(order._id)).status).toBe('accepted');
  });

  it('keeps nothing where the restaurant is liable: nobody pays for food of who is to blame', async () => {
    const { order } = await capturedScene('preparing');
    const admin = await logInAs({ roles: ['admin'] });
    const body = { reason: 'other', liableParty: 'restaurant' };
    const res = await cancel(order, admin, { ...body, feeMinor: 1 }).expect(422);
    expect(errorOf(res)).toMatchObject({ code: 'fee_too_high', details: { maxMinor: 0 } });
    await cancel(order, admin, body).expect(200);
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'cancelled', amountDueMinor: 0 });
  });
});
