import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rejectOrderRoute } from '../../../src/modules/orders/orders.schema.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createMenuItem } from '../../factories/menu-item.ts';
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

const BODY: object = { reason: 'too_busy' };

/** One request under a key; a new one unless given. */
function reject(path: string, { headers }: Login, { key = newId(), body = BODY } = {}) {
  return app.request.post(path).set(headers).set('Idempotency-Key', key).send(body);
}

describe('POST /orders/:orderId/reject', () => {
  it('refuses the order: answer, row, log, outbox, no timer left', async () => {
    const { owner, order } = await sceneOf('placed');
    const res = await reject(pathOf(order, 'reject'), owner).expect(200);
    expectContract(rejectOrderRoute, res);
    expect(res.body).toMatchObject({ status: 'rejected', reason: 'too_busy', endedAt: expect.any(String) as string });
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'rejected', reason: 'too_busy' });
    expect((await expectSoundOrder(order._id)).at(-1)?.data).toMatchObject({ reason: 'too_busy' });
    // The hold is released by this row.
    expect((await readOutbox(order._id)).at(-1)).toMatchObject({ event: 'order.rejected', doneAt: null });
    expect(await readTimers(order._id)).toEqual([]);
  });

  it('takes dishes that have run out off the menu with it, and refuses lines of nobody', async () => {
    const { owner, order } = await sceneOf('placed');
    const [line] = order.items;
    const soup = await createMenuItem({ _id: line?.itemId ?? '', restaurantId: order.restaurantId });
    const path = pathOf(order, 'reject');
    const wrong = await reject(path, owner, { body: { reason: 'item_sold_out', soldOutLineIds: [newId()] } }).expect(
      400,
    );
    expect(errorOf(wrong).details).toMatchObject([{ path: 'soldOutLineIds.0' }]);
    await reject(path, owner, { body: { reason: 'too_busy', soldOutLineIds: [line?.lineId] } }).expect(400);
    await reject(path, owner, { body: { reason: 'item_sold_out', soldOutLineIds: [line?.lineId] } }).expect(200);
    expect(await MenuItemModel.findById(soup._id).lean()).toMatchObject({ isAvailable: false });
  });

  it('replays its answer to the byte under the same key, at /api too', async () => {
    const { owner, order } = await sceneOf('placed');
    const path = pathOf(order, 'reject');
    const key = newId();
    const first = await reject(path, owner, { key }).expect(200);
    const again = await reject(path.replace('/v1', ''), owner, { key }).expect(200);
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect([again.text, again.headers['idempotent-replayed']]).toEqual([first.text, 'true']);
    expect((await getStoredOrder(order._id)).eventSeq).toBe(order.eventSeq + 1);
  });

  it('refuses the key for another body, and for another order', async () => {
    const { owner, order } = await sceneOf('placed');
    const key = newId();
    await reject(pathOf(order, 'reject'), owner, { key }).expect(200);
    const other = await reject(pathOf(order, 'reject'), owner, { key, body: { reason: 'closing' } }).expect(422);
    expect(errorOf(other).code).toBe('idempotency_key_reused');
    const another = await createOrderIn('placed', { ownerId: owner.userId });
    const elsewhere = await reject(pathOf(another, 'reject'), owner, { key }).expect(422);
    expect(errorOf(elsewhere).code).toBe('idempotency_key_reused');
  });

  it('answers the same state to another key', async () => {
    const { owner, order } = await sceneOf('placed');
    const first = await reject(pathOf(order, 'reject'), owner).expect(200);
    const again = await reject(pathOf(order, 'reject'), owner).expect(200);
    expect(again.body).toEqual(first.body);
    expect(again.headers).not.toHaveProperty('idempotent-replayed');
  });

  it('needs a key', async () => {
    const { owner, order } = await sceneOf('placed');
    const before = await hashDatabase();
    const res = await app.request.post(pathOf(order, 'reject')).set(owner.headers).send(BODY).expect(400);
    expect(errorOf(res).code).toBe('idempotency_key_missing');
    expect(await hashDatabase()).toEqual(before);
  });

  it.each([
    'pending_payment',
    'accepted',
    'preparing',
    'ready',
    'picked_up',
    'expired',
    'cancelled',
    'delivered',
    'collected',
    'no_show',
    'failed',
  ] as const)('answers 409 with the state of an order that is %s, and writes nothing', async (status) => {
    const { owner, order } = await sceneOf(status);
    const before = await hashDatabase();
    const res = await reject(pathOf(order, 'reject'), owner).expect(409);
    expect(errorOf(res)).toMatchObject({ code: 'invalid_transition', details: { status } });
    expect(await hashDatabase()).toEqual(before);
  });

  it.each([{}, { reason: 'because' }, { reason: '' }, { reason: { $ne: '' } }, { ...BODY, refund: 1 }])(
    'refuses the body %j',
    async (body) => {
      const { owner, order } = await sceneOf('placed');
      const before = await hashDatabase();
      const res = await reject(pathOf(order, 'reject'), owner, { body }).expect(400);
      expect(errorOf(res).code).toBe('validation_failed');
      expect(await hashDatabase()).toEqual(before);
    },
  );

  it('is 404 for strangers, 403 for other trades, 401 without a token, 400 for no id', async () => {
    const { customer, order } = await sceneOf('placed');
    const before = (await getStoredOrder(order._id)).eventSeq;
    const stranger = await logInAs({ roles: ['restaurant'] });
    await reject(pathOf(order, 'reject'), stranger).expect(404);
    await reject(pathOf({ _id: newId() }, 'reject'), stranger).expect(404);
    await reject(pathOf({ _id: 'x' }, 'reject'), stranger).expect(400);
    for (const login of [customer, await logInAs({ roles: ['courier'] }), await logInAs({ roles: ['admin'] })]) {
      await reject(pathOf(order, 'reject'), login).expect(403);
    }
    await app.request.post(pathOf(order, 'reject')).set('Idempotency-Key', newId()).send(BODY).expect(401);
    expect((await getStoredOrder(order._id)).eventSeq).toBe(before);
  });
});
