import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { recordPaymentEvent } from '../../../src/modules/orders/index.ts';
import { markOrderPreparingRoute } from '../../../src/modules/orders/orders.schema.ts';
import { secondsFromNow } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { getStoredOrder } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';
import { expectSoundOrder, readOutbox } from '../../support/order-log.ts';
import { errorOf } from '../../support/responses.ts';
import { pathOf, sceneOf } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

describe('POST /orders/:orderId/preparing', () => {
  it.each(['accepted'] as const)('moves an order that is %s: answer, log, outbox', async (status) => {
    const { owner, order } = await sceneOf(status);
    const res = await app.request.post(pathOf(order, 'preparing')).set(owner.headers).expect(200);
    expectContract(markOrderPreparingRoute, res);
    expect(res.body).toMatchObject({ status: 'preparing', version: order.version + 1, deliveryAddress: null });
    expect((await expectSoundOrder(order._id)).at(-1)).toMatchObject({
      ...{ type: 'order.preparing', actor: { role: 'restaurant', id: owner.userId } },
    });
    expect((await readOutbox(order._id)).at(-1)).toMatchObject({ event: 'order.preparing' });
  });

  it('cooks on while the payment is a problem', async () => {
    const { owner, order } = await sceneOf('accepted');
    const payAgainUntil = secondsFromNow(180);
    const problem = { orderId: order._id, type: 'payment.problem', paymentStatus: 'payment_problem' } as const;
    await withTransaction((tx) => recordPaymentEvent(tx, { ...problem, set: { payAgainUntil } }));
    for (const status of ['preparing', 'ready'] as const) {
      const res = await app.request.post(pathOf(order, status)).set(owner.headers).expect(200);
      expect(res.body).toMatchObject({ status });
    }
    expect(await getStoredOrder(order._id)).toMatchObject({ paymentStatus: 'payment_problem', payAgainUntil });
    await expectSoundOrder(order._id);
  });

  it('answers the same again and writes nothing', async () => {
    const { owner, order } = await sceneOf('preparing');
    const before = await hashDatabase();
    const res = await app.request.post(pathOf(order, 'preparing')).set(owner.headers).expect(200);
    expect(res.body).toMatchObject({ status: 'preparing', version: order.version });
    expect(await hashDatabase()).toEqual(before);
  });

  it.each(['pending_payment', 'placed', 'ready', 'picked_up', 'delivered', 'cancelled'] as const)(
    'answers 409 with the state of an order that is %s',
    async (status) => {
      const { owner, order } = await sceneOf(status);
      const before = await hashDatabase();
      const res = await app.request.post(pathOf(order, 'preparing')).set(owner.headers).expect(409);
      expect(errorOf(res)).toMatchObject({ code: 'invalid_transition', details: { status } });
      expect(await hashDatabase()).toEqual(before);
    },
  );

  it('is 404 for strangers, 403 for other trades, 401 without a token, 400 for no id', async () => {
    const { customer, order } = await sceneOf('accepted');
    const before = await hashDatabase({ except: ['users', 'sessions', 'refresh_tokens'] });
    const stranger = await logInAs({ roles: ['restaurant'] });
    await app.request.post(pathOf(order, 'preparing')).set(stranger.headers).expect(404);
    await app.request
      .post(pathOf({ _id: newId() }, 'preparing'))
      .set(stranger.headers)
      .expect(404);
    await app.request
      .post(pathOf({ _id: 'x' }, 'preparing'))
      .set(stranger.headers)
      .expect(400);
    for (const login of [customer, await logInAs({ roles: ['courier'] }), await logInAs({ roles: ['admin'] })]) {
      await app.request.post(pathOf(order, 'preparing')).set(login.headers).expect(403);
    }
    await app.request.post(pathOf(order, 'preparing')).expect(401);
    expect(await hashDatabase({ except: ['users', 'sessions', 'refresh_tokens'] })).toEqual(before);
  });
});
