import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { recordPaymentEvent } from '../../../src/modules/orders/index.ts';
import { acceptOrderRoute } from '../../../src/modules/orders/orders.schema.ts';
import { addMs, secondsFromNow } from '../../../src/shared/clock.ts';
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

const BODY: object = { prepMinutes: 15 };

/** One request under a key; a new one unless given. */
function accept(path: string, { headers }: Login, { key = newId(), body = BODY } = {}) {
  return app.request.post(path).set(headers).set('Idempotency-Key', key).send(body);
}

describe('POST /orders/:orderId/accept', () => {
  it('accepts: answer, row, log, outbox, no timer left', async () => {
    const { owner, order } = await sceneOf('placed');
    const res = await accept(pathOf(order, 'accept'), owner).expect(200);
    expectContract(acceptOrderRoute, res);
    expect(res.body).toMatchObject({ status: 'accepted', version: 3, prepMinutes: 15, deliveryAddress: null });
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'accepted', prepMinutes: 15 });
    expect((await expectSoundOrder(order._id)).at(-1)).toMatchObject({
      ...{ type: 'order.accepted', actor: { role: 'restaurant', id: owner.userId }, data: { prepMinutes: 15 } },
    });
    // Capture and delivery hang on this row.
    expect((await readOutbox(order._id)).at(-1)).toMatchObject({ event: 'order.accepted', doneAt: null });
    expect(await readTimers(order._id)).toEqual(['order.prep_alert', 'order.prep_ask']);
  });

  it('for a slot: the food is ready when the slot begins, not as soon as it could be, unless it takes longer', async () => {
    const startAt = secondsFromNow(30 * 60);
    const slot = { startAt, endAt: addMs(startAt, 1_800_000) };
    const accepted = async (prepMinutes: number) => {
      const { owner, order } = await sceneOf('placed', { slot });
      await accept(pathOf(order, 'accept'), owner, { body: { prepMinutes } }).expect(200);
      await expectSoundOrder(order._id);
      return getStoredOrder(order._id);
    };
    expect((await accepted(15)).readyEta).toEqual(startAt);
    const late = await accepted(45);
    expect(late.readyEta).toEqual(addMs(late.acceptedAt ?? startAt, 45 * 60_000));
  });

  it('refuses an order whose hold was lost, until the customer has paid', async () => {
    const { owner, order } = await sceneOf('placed');
    const tell = (paymentStatus: string, type: 'payment.problem' | 'payment.authorized') =>
      withTransaction((tx) => recordPaymentEvent(tx, { orderId: order._id, type, paymentStatus }));
    await tell('payment_problem', 'payment.problem');
    const refused = await accept(pathOf(order, 'accept'), owner).expect(409);
    expect(errorOf(refused).code).toBe('payment_open');
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'placed' });
    await tell('authorized', 'payment.authorized');
    await accept(pathOf(order, 'accept'), owner).expect(200);
  });

  it.each([5, 90])('takes %i minutes', async (prepMinutes) => {
    const { owner, order } = await sceneOf('placed');
    await accept(pathOf(order, 'accept'), owner, { body: { prepMinutes } }).expect(200);
  });

  it('replays its answer to the byte under the same key, at /api too', async () => {
    const { owner, order } = await sceneOf('placed');
    const path = pathOf(order, 'accept');
    const key = newId();
    const first = await accept(path, owner, { key }).expect(200);
    const again = await accept(path.replace('/v1', ''), owner, { key }).expect(200);
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect([again.text, again.headers['idempotent-replayed']]).toEqual([first.text, 'true']);
    expect((await getStoredOrder(order._id)).eventSeq).toBe(order.eventSeq + 1);
  });

  it('refuses the key for another body, and for another order', async () => {
    const { owner, order } = await sceneOf('placed');
    const key = newId();
    await accept(pathOf(order, 'accept'), owner, { key }).expect(200);
    const other = await accept(pathOf(order, 'accept'), owner, { key, body: { prepMinutes: 20 } }).expect(422);
    expect(errorOf(other).code).toBe('idempotency_key_reused');
    const another = await createOrderIn('placed', { ownerId: owner.userId });
    const elsewhere = await accept(pathOf(another, 'accept'), owner, { key }).expect(422);
    expect(errorOf(elsewhere).code).toBe('idempotency_key_reused');
  });

  it('answers the same state to another key', async () => {
    const { owner, order } = await sceneOf('placed');
    const first = await accept(pathOf(order, 'accept'), owner).expect(200);
    const again = await accept(pathOf(order, 'accept'), owner).expect(200);
    expect(again.body).toEqual(first.body);
    expect(again.headers).not.toHaveProperty('idempotent-replayed');
  });

  it('needs a key', async () => {
    const { owner, order } = await sceneOf('placed');
    const before = await hashDatabase();
    const res = await app.request.post(pathOf(order, 'accept')).set(owner.headers).send(BODY).expect(400);
    expect(errorOf(res).code).toBe('idempotency_key_missing');
    expect(await hashDatabase()).toEqual(before);
  });

  it.each([
    'pending_payment',
    'scheduled',
    'preparing',
    'ready',
    'picked_up',
    'rejected',
    'expired',
    'cancelled',
    'delivered',
    'collected',
    'no_show',
    'failed',
  ] as const)('answers 409 with the state of an order that is %s, and writes nothing', async (status) => {
    const { owner, order } = await sceneOf(status);
    const before = await hashDatabase();
    const res = await accept(pathOf(order, 'accept'), owner).expect(409);
    expect(errorOf(res)).toMatchObject({ code: 'invalid_transition', details: { status } });
    expect(await hashDatabase()).toEqual(before);
  });

  it.each([
    {},
    { prepMinutes: 4 },
    { prepMinutes: 91 },
    { prepMinutes: 15.5 },
    { prepMinutes: '15' },
    { ...BODY, status: 'ready' },
    { ...BODY, $set: { pricing: 0 } },
    { ...BODY, 'pricing.totalMinor': 1 },
  ])('refuses the body %j', async (body) => {
    const { owner, order } = await sceneOf('placed');
    const before = await hashDatabase();
    const res = await accept(pathOf(order, 'accept'), owner, { body }).expect(400);
    expect(errorOf(res).code).toBe('validation_failed');
    expect(await hashDatabase()).toEqual(before);
  });

  it('is 404 for strangers, 403 for other trades, 401 without a token, 400 for no id', async () => {
    const { customer, order } = await sceneOf('placed');
    const before = (await getStoredOrder(order._id)).eventSeq;
    const stranger = await logInAs({ roles: ['restaurant'] });
    await accept(pathOf(order, 'accept'), stranger).expect(404);
    await accept(pathOf({ _id: newId() }, 'accept'), stranger).expect(404);
    await accept(pathOf({ _id: 'x' }, 'accept'), stranger).expect(400);
    for (const login of [customer, await logInAs({ roles: ['courier'] }), await logInAs({ roles: ['admin'] })]) {
      await accept(pathOf(order, 'accept'), login).expect(403);
    }
    await app.request.post(pathOf(order, 'accept')).set('Idempotency-Key', newId()).send(BODY).expect(401);
    expect((await getStoredOrder(order._id)).eventSeq).toBe(before);
  });
});
