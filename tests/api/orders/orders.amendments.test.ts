import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { AmendmentModel } from '../../../src/modules/orders/amendments/amendment.model.ts';
import * as routes from '../../../src/modules/orders/amendments/amendments.schema.ts';
import { orderSchema } from '../../../src/modules/orders/order-view.schema.ts';
import type { OrderStatus, Replacement } from '../../../src/modules/orders/index.ts';
import { now, secondsFromNow, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createMenuItem } from '../../factories/menu-item.ts';
import { getStoredOrder } from '../../factories/order.ts';
import { RICE, SOUP, twoDishes } from '../../factories/two-dishes.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import type { Login } from '../../support/log-in.ts';
import { expectSoundOrder, readTimers } from '../../support/order-log.ts';
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

function scene(status: OrderStatus = 'accepted', replacement: Replacement = 'refund_item'): Promise<OrderScene> {
  return sceneOf(status, { ...twoDishes(), replacement });
}

function propose(order: { _id: string }, { headers }: Login, body: object) {
  return app.request.post(pathOf(order, 'amendments')).set(headers).send(body);
}

async function open(order: { _id: string }, owner: Login, changes: object[]): Promise<string> {
  return ((await propose(order, owner, { changes }).expect(201)).body as { id: string }).id;
}

function respond(path: string, { headers }: Login, answer: string) {
  return app.request.post(path).set(headers).send({ answer });
}

const answerPath = (order: { _id: string }, amendmentId: string) => pathOf(order, `amendments/${amendmentId}/respond`);

async function waitFourMinutes(): Promise<void> {
  setClock({ frozenAt: secondsFromNow(241) });
  await fireDueTimers(now());
}

const NO_SOUP = [{ kind: 'remove', lineId: SOUP }];

describe('POST /orders/:orderId/amendments', () => {
  it.each(['placed', 'accepted', 'preparing'] as const)(
    'asks the customer of an order that is %s: row, log, timer, and what each answer would cost',
    async (status) => {
      const { owner, customer, order } = await scene(status);
      const res = await propose(order, owner, {
        changes: [{ kind: 'reduce', lineId: SOUP, quantity: 1 }],
        note: 'One is left',
      }).expect(201);
      expectContract(routes.proposeAmendmentRoute, res);
      expect(res.body).toMatchObject({
        ...{ status: 'proposed', note: 'One is left', answer: null },
        totals: { before: { amount: 28_750 }, ifAccepted: { amount: 18_250 }, ifDeclined: { amount: 18_250 } },
      });
      const { id } = res.body as { id: string };
      const stored = await getStoredOrder(order._id);
      expect(stored).toMatchObject({ status, openAmendmentId: id, amendments: 1, amountDueMinor: 28_750 });
      expect((await expectSoundOrder(order._id)).at(-1)).toMatchObject({ type: 'order.amendment_proposed' });
      expect(await readTimers(id)).toEqual(['order.amendment']);
      const list = await app.request.get(pathOf(order, 'amendments')).set(customer.headers).expect(200);
      expectContract(routes.listAmendmentsRoute, list);
      expect(list.body).toMatchObject({ data: [{ id }] });
    },
  );

  it('waits alone: ten at once are one', async () => {
    const { owner, order } = await scene();
    const all = await Promise.all(Array.from({ length: 10 }, () => propose(order, owner, { changes: NO_SOUP })));
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
    expect(await AmendmentModel.countDocuments({ orderId: order._id })).toBe(1);
    await expectSoundOrder(order._id);
  });

  it.each(['pending_payment', 'ready', 'picked_up', 'delivered', 'cancelled'] as const)(
    'of an order that is %s is 409',
    async (status) => {
      const { owner, order } = await scene(status);
      expect(errorOf(await propose(order, owner, { changes: NO_SOUP }).expect(409)).code).toBe('invalid_transition');
    },
  );

  it.each([
    ['a line of nobody', [{ kind: 'remove', lineId: newId() }]],
    ['a line twice', [...NO_SOUP, ...NO_SOUP]],
    ['as many as were ordered', [{ kind: 'reduce', lineId: SOUP, quantity: 2 }]],
    ['a dish that is not on the menu', [{ kind: 'substitute', lineId: SOUP, itemId: newId() }]],
  ])('refuses %s', async (_, changes) => {
    const { owner, order } = await scene();
    const before = await hashDatabase();
    expect(errorOf(await propose(order, owner, { changes }).expect(422)).code).toBe('amendment_invalid');
    expect(await hashDatabase()).toEqual(before);
  });

  it('takes a dish off sale where the kitchen says so', async () => {
    const { owner, order } = await scene();
    const soup = await createMenuItem({ _id: order.items[0]?.itemId ?? '', restaurantId: order.restaurantId });
    await open(order, owner, [{ kind: 'remove', lineId: SOUP, isSoldOut: true }]);
    expect(await MenuItemModel.findById(soup._id).lean()).toMatchObject({ isAvailable: false });
  });

  it('holds back the word that it is ready until it is settled', async () => {
    const { owner, customer, order } = await scene('preparing');
    const id = await open(order, owner, NO_SOUP);
    const ready = () => app.request.post(pathOf(order, 'ready')).set(owner.headers);
    expect(errorOf(await ready().expect(409)).code).toBe('amendment_open');
    expect((await getStoredOrder(order._id)).status).toBe('preparing');
    await respond(answerPath(order, id), customer, 'accepted').expect(200);
    await ready().expect(200);
  });
});

describe('POST /orders/:orderId/amendments/:amendmentId/respond', () => {
  it('accepted: the substitute takes its place, never for more than was agreed', async () => {
    const { owner, customer, order } = await scene();
    const { restaurantId } = order;
    const curry = await createMenuItem({ restaurantId, name: 'Curry', priceMinor: 99_000, optionGroups: [] });
    const id = await open(order, owner, [{ kind: 'substitute', lineId: SOUP, itemId: curry._id }]);
    const res = await respond(answerPath(order, id), customer, 'accepted').expect(200);
    expectContract(routes.respondToAmendmentRoute, res);
    const stored = await getStoredOrder(order._id);
    expect(stored.items.map(({ name, quantity }) => [name, quantity])).toEqual([
      ['Curry', 2],
      ['Rice', 1],
    ]);
    expect(stored.pricing.totalMinor).toBeLessThanOrEqual(28_750);
    expect(stored).toMatchObject({ amountDueMinor: stored.pricing.totalMinor, openAmendmentId: null });
    expect(stored.items.map(({ lineTotalMinor }) => lineTotalMinor)).toEqual(
      stored.pricing.lines.map(({ subtotalMinor }) => subtotalMinor),
    );
    expect((await expectSoundOrder(order._id)).at(-1)).toMatchObject({
      ...{ type: 'order.amendment_settled', actor: { role: 'customer' } },
      data: { amendmentId: id, answer: 'accepted', outcome: 'taken' },
    });
    expect(await readTimers(id)).toEqual([]);
    expect(await AmendmentModel.findById(id).lean()).toMatchObject({ status: 'applied', answer: 'accepted' });
  });

  it('declined: what has run out is removed and refunded', async () => {
    const { owner, customer, order } = await scene();
    const curry = await createMenuItem({ restaurantId: order.restaurantId, optionGroups: [] });
    const id = await open(order, owner, [{ kind: 'substitute', lineId: SOUP, itemId: curry._id }]);
    const res = await respond(answerPath(order, id), customer, 'declined').expect(200);
    expect(orderSchema.parse(res.body).items.map(({ name }) => name)).toEqual(['Rice']);
    expect(await getStoredOrder(order._id)).toMatchObject({ amountDueMinor: 7_750, status: 'accepted' });
    expect((await expectSoundOrder(order._id)).at(-1)?.data).toMatchObject({ outcome: 'removed', refundMinor: 21_000 });
  });

  it.each([
    ['cancelled_order', NO_SOUP],
    ['accepted', [...NO_SOUP, { kind: 'remove', lineId: RICE }]],
  ])('%s: the order ends at the restaurant’s expense where nothing is left or wanted', async (answer, changes) => {
    const { owner, customer, order } = await scene('preparing');
    const id = await open(order, owner, changes);
    const res = await respond(answerPath(order, id), customer, answer).expect(200);
    expect(res.body).toMatchObject({ status: 'cancelled', reason: 'item_sold_out', openAmendmentId: null });
    expect(await getStoredOrder(order._id)).toMatchObject({ amountDueMinor: 0, liableParty: 'restaurant' });
    expect(await AmendmentModel.findById(id).lean()).toMatchObject({ outcome: 'order_cancelled' });
    await expectSoundOrder(order._id);
  });

  it('said twice is said once, and nothing else can be said after', async () => {
    const { owner, customer, order } = await scene();
    const id = await open(order, owner, NO_SOUP);
    await respond(answerPath(order, id), customer, 'accepted').expect(200);
    const before = await hashDatabase();
    await respond(answerPath(order, id), customer, 'accepted').expect(200);
    const other = await respond(answerPath(order, id), customer, 'cancelled_order').expect(409);
    expect(errorOf(other)).toMatchObject({ code: 'invalid_transition', details: { status: 'accepted' } });
    expect(await hashDatabase()).toEqual(before);
  });

  it('after the order has ended is 409', async () => {
    const { owner, customer, order } = await scene();
    const id = await open(order, owner, NO_SOUP);
    const cancel = app.request.post(pathOf(order, 'cancel')).set(customer.headers).set('Idempotency-Key', newId());
    await cancel.send({}).expect(200);
    expect(errorOf(await respond(answerPath(order, id), customer, 'accepted').expect(409)).details).toEqual({
      status: 'cancelled',
    });
    const { endedAt } = await getStoredOrder(order._id);
    const voided = { status: 'void', answer: null, outcome: null, settledAt: endedAt };
    expect(await AmendmentModel.findById(id).lean()).toMatchObject(voided);
    expect(await readTimers(id)).toEqual([]);
    await waitFourMinutes();
    expect(await AmendmentModel.findById(id).lean()).toMatchObject(voided);
    await expectSoundOrder(order._id);
  });

  it('of an order that the kitchen refuses after all: the list says that nobody is asked any more', async () => {
    const { owner, customer, order } = await scene('placed');
    await open(order, owner, NO_SOUP);
    const reject = app.request.post(pathOf(order, 'reject')).set(owner.headers).set('Idempotency-Key', newId());
    await reject.send({ reason: 'closing' }).expect(200);
    const list = await app.request.get(pathOf(order, 'amendments')).set(customer.headers).expect(200);
    expect(list.body).toMatchObject({ data: [{ status: 'void', answer: null }] });
  });
});

describe('an amendment that nobody answers', () => {
  it.each([
    ['refund_item', 'removed', 'accepted', 7_750],
    ['best_match', 'taken', 'accepted', 28_750],
    ['cancel', 'order_cancelled', 'cancelled', 0],
  ] as const)(
    'is settled by the preference %s after four minutes: %s',
    async (...[replacement, outcome, status, due]) => {
      const { owner, order } = await scene('accepted', replacement);
      const curry = await createMenuItem({
        ...{ restaurantId: order.restaurantId, priceMinor: 10_000, taxCategory: 'food', optionGroups: [] },
      });
      const id = await open(order, owner, [{ kind: 'substitute', lineId: SOUP, itemId: curry._id }]);
      setClock({ frozenAt: secondsFromNow(239) });
      await fireDueTimers(now());
      expect((await getStoredOrder(order._id)).openAmendmentId).toBe(id);
      setClock(null);
      await waitFourMinutes();
      expect(await AmendmentModel.findById(id).lean()).toMatchObject({
        status: 'applied',
        answer: 'timed_out',
        outcome,
      });
      expect(await getStoredOrder(order._id)).toMatchObject({ status, amountDueMinor: due, openAmendmentId: null });
      await expectSoundOrder(order._id);
    },
  );
});
