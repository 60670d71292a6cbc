import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cancelOrderRoute } from '../../../src/modules/orders/cancellation/cancellation.schema.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { expectSoundOrder, readOutbox, readTimers } from '../../support/order-log.ts';
import { errorOf } from '../../support/responses.ts';
import { pathOf, sceneOf } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const BODY: object = { reason: 'takes_too_long' };

/** One request under a key; a new one unless given. */
function cancel(path: string, { headers }: Login, { key = newId(), body = BODY } = {}) {
  return app.request.post(path).set(headers).set('Idempotency-Key', key).send(body);
}

describe('POST /orders/:orderId/cancel', () => {
  it.each(['pending_payment', 'scheduled', 'placed'] as const)(
    'cancels an order that is %s: answer, row, log, outbox, no timer left',
    async (status) => {
      const { customer, order } = await sceneOf(status);
      const res = await cancel(pathOf(order, 'cancel'), customer).expect(200);
      expectContract(cancelOrderRoute, res);
      expect(res.body).toMatchObject({ status: 'cancelled', reason: 'takes_too_long' });
      expect((await expectSoundOrder(order._id)).at(-1)).toMatchObject({
        ...{ type: 'order.cancelled', actor: { role: 'customer', id: customer.userId } },
      });
      expect((await readOutbox(order._id)).at(-1)).toMatchObject({ event: 'order.cancelled', doneAt: null });
      expect(await readTimers(order._id)).toEqual([]);
    },
  );

  it('needs no reason, and no body', async () => {
    const { customer, order } = await sceneOf('placed');
    const path = pathOf(order, 'cancel');
    const res = await app.request.post(path).set(customer.headers).set('Idempotency-Key', newId()).expect(200);
    expect(res.body).toMatchObject({ reason: 'changed_mind' });
  });

  it('replays its answer to the byte under the same key, at /api too', async () => {
    const { customer, order } = await sceneOf('placed');
    const path = pathOf(order, 'cancel');
    const key = newId();
    const first = await cancel(path, customer, { key }).expect(200);
    const again = await cancel(path.replace('/v1', ''), customer, { key }).expect(200);
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect([again.text, again.headers['idempotent-replayed']]).toEqual([first.text, 'true']);
    expect((await getStoredOrder(order._id)).eventSeq).toBe(order.eventSeq + 1);
  });

  it('refuses the key for another body, and for another order', async () => {
    const { customer, order } = await sceneOf('placed');
    const key = newId();
    await cancel(pathOf(order, 'cancel'), customer, { key }).expect(200);
    const other = await cancel(pathOf(order, 'cancel'), customer, { key, body: {} }).expect(422);
    expect(errorOf(other).code).toBe('idempotency_key_reused');
    const second = await createOrderIn('placed', { customerId: customer.userId });
    const elsewhere = await cancel(pathOf(second, 'cancel'), customer, { key }).expect(422);
    expect(errorOf(elsewhere).code).toBe('idempotency_key_reused');
  });

  it('answers the same state to another key', async () => {
    const { customer, order } = await sceneOf('placed');
    const first = await cancel(pathOf(order, 'cancel'), customer).expect(200);
    const again = await cancel(pathOf(order, 'cancel'), customer).expect(200);
    expect(again.body).toEqual(first.body);
    expect(again.headers).not.toHaveProperty('idempotent-replayed');
  });

  it('needs a key', async () => {
    const { customer, order } = await sceneOf('placed');
    const before = await hashDatabase();
    const res = await app.request.post(pathOf(order, 'cancel')).set(customer.headers).send(BODY).expect(400);
    expect(errorOf(res).code).toBe('idempotency_key_missing');
    expect(await hashDatabase()).toEqual(before);
  });

  it.each([
    'preparing',
    'ready',
    'picked_up',
    'rejected',
    'expired',
    'delivered',
    'collected',
    'no_show',
    'failed',
  ] as const)('answers 409 with the state of an order that is %s, and writes nothing', async (status) => {
    const { customer, order } = await sceneOf(status);
    const before = await hashDatabase();
    const res = await cancel(pathOf(order, 'cancel'), customer).expect(409);
    expect(errorOf(res)).toMatchObject({ code: 'invalid_transition', details: { status } });
    expect(await hashDatabase()).toEqual(before);
  });

  it.each([{ reason: 'because' }, { reason: null }, { ...BODY, fee: 0 }, { ...BODY, dryRun: true }])(
    'refuses the body %j',
    async (body) => {
      const { customer, order } = await sceneOf('placed');
      const before = await hashDatabase();
      const res = await cancel(pathOf(order, 'cancel'), customer, { body }).expect(400);
      expect(errorOf(res).code).toBe('validation_failed');
      expect(await hashDatabase()).toEqual(before);
    },
  );

  it('is 404 for strangers, 403 for other trades, 401 without a token, 400 for no id', async () => {
    const { order } = await sceneOf('placed');
    const before = (await getStoredOrder(order._id)).eventSeq;
    const stranger = await logInAs({ roles: ['customer'] });
    await cancel(pathOf(order, 'cancel'), stranger).expect(404);
    await cancel(pathOf({ _id: newId() }, 'cancel'), stranger).expect(404);
    await cancel(pathOf({ _id: 'x' }, 'cancel'), stranger).expect(400);
    await cancel(pathOf(order, 'cancel'), await logInAs({ roles: ['courier'] })).expect(403);
    await app.request.post(pathOf(order, 'cancel')).set('Idempotency-Key', newId()).send(BODY).expect(401);
    expect((await getStoredOrder(order._id)).eventSeq).toBe(before);
  });
});
