import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { AmendmentModel } from '../../../src/modules/orders/amendments/amendment.model.ts';
import { listAmendments } from '../../../src/modules/orders/amendments/amendments.service.ts';
import {
  appendOrderEvent,
  findOrder,
  getOrderFor,
  hasOrdered,
  listCashOrders,
  type OrderRecord,
} from '../../../src/modules/orders/index.ts';
import { ORDER_STATUSES } from '../../../src/modules/orders/order.machine.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { listOrderEventsFor, listOrders, listRestaurantOrders } from '../../../src/modules/orders/orders.queries.ts';
import type { Actor, Role } from '../../../src/shared/actor.ts';
import { now } from '../../../src/shared/clock.ts';
import { idFrom, newId } from '../../../src/shared/ids.ts';
import { buildDeliveredOrder } from '../../factories/delivered-order.ts';
import { createOrderIn, ownerActor } from '../../factories/order.ts';
import { createMember } from '../../factories/staff.ts';
import { createRestaurant, ensureRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { explainQueries } from '../../support/watch-commands.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

function actor(userId: string, ...roles: Role[]): Actor {
  return { userId, roles, sessionId: newId() };
}

/** Rows as many as wanted, without events: enough for lists. */
async function insertOrders(count: number, changes: (index: number) => Partial<OrderRecord> = () => ({})) {
  const rows = Array.from({ length: count }, (_, index) => ({ ...buildDeliveredOrder(), ...changes(index) }));
  await OrderModel.collection.insertMany(rows as never[]);
  return rows;
}

async function readPages(limit: number, viewer: Actor): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const { data, nextCursor } = await listOrders({ limit, cursor }, viewer);
    pages.push(data.map(({ _id }) => _id));
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return pages;
}

describe('listOrders', () => {
  it.each(['customerId', 'restaurantId', 'courierId'] as const)(
    'gives who is its %s, or works there, their own, newest first',
    async (party) => {
      const me = newId();
      // One id for the person and for the restaurant will do.
      await createRestaurant({ _id: me, ownerId: me });
      const rows = await insertOrders(6, (index) => (index % 2 === 0 ? { [party]: me } : {}));
      const own = rows.filter((row) => row[party] === me).map(({ _id }) => _id);
      const pages = await readPages(20, actor(me, 'customer', 'restaurant', 'courier'));
      expect(pages).toEqual([own.toReversed()]);
    },
  );

  it.each([1, 2, 3, 4, 5, 6, 100])('pages by %i without losing or repeating a row', async (limit) => {
    const customerId = newId();
    const rows = await insertOrders(5, () => ({ customerId }));
    const pages = await readPages(limit, actor(customerId, 'customer'));
    expect(pages.flat()).toEqual(rows.map(({ _id }) => _id).toReversed());
    expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
  });

  it('goes on from where the page ended, whatever has been ordered since', async () => {
    const customerId = newId();
    const me = actor(customerId, 'customer');
    const rows = await insertOrders(4, () => ({ customerId }));
    const first = await listOrders({ limit: 2 }, me);
    await insertOrders(3, () => ({ customerId }));
    const second = await listOrders({ limit: 2, cursor: first.nextCursor ?? '' }, me);
    expect(second.data.map(({ _id }) => _id)).toEqual([rows[1]?._id, rows[0]?._id]);
    expect(second.nextCursor).toBeNull();
  });

  it('filters by status, on every page', async () => {
    const customerId = newId();
    const me = actor(customerId, 'customer');
    await insertOrders(8, (index) => ({ customerId, status: index % 2 === 0 ? 'placed' : 'expired' }));
    const first = await listOrders({ limit: 3, status: ['placed', 'ready'] }, me);
    const second = await listOrders({ limit: 3, status: ['placed', 'ready'], cursor: first.nextCursor ?? '' }, me);
    expect([...first.data, ...second.data].map(({ status }) => status)).toEqual(Array(4).fill('placed'));
  });

  it.each(['support', 'admin'] as const)('gives %s the orders of everybody', async (role) => {
    await insertOrders(3);
    expect((await readPages(20, actor(newId(), role))).flat()).toHaveLength(3);
  });

  it.each([
    ['that was edited', (cursor: string) => `${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'B' : 'A'}`],
    ['with another position', (cursor: string) => cursor.replace(/^[^.]+/, Buffer.from('"0"').toString('base64url'))],
    ['without its seal', (cursor: string) => cursor.split('.')[0] ?? ''],
    ['that is none', () => 'zzz'],
    ['that is empty', () => ''],
  ])('refuses a cursor %s', async (_, spoil) => {
    const customerId = newId();
    await insertOrders(2, () => ({ customerId }));
    const me = actor(customerId, 'customer');
    const { nextCursor } = await listOrders({ limit: 1 }, me);
    const again = listOrders({ limit: 1, cursor: spoil(nextCursor ?? '') }, me);
    await expect(again).rejects.toMatchObject({
      ...{ code: 'validation_failed', details: [{ path: 'query.cursor', code: 'invalid_cursor' }] },
    });
  });

  it("refuses another user's cursor, and that of another list", async () => {
    const restaurant = await createRestaurant();
    const { ownerId, _id: restaurantId } = restaurant;
    const owner = ownerActor({ ownerId });
    await insertOrders(2, () => ({ ownerId, restaurantId }));
    const { nextCursor } = await listOrders({ limit: 1 }, owner);
    const cursor = nextCursor ?? '';
    const foreign = listOrders({ limit: 1, cursor }, actor(newId(), 'customer'));
    await expect(foreign).rejects.toMatchObject({ code: 'validation_failed' });
    const board = listRestaurantOrders(restaurantId, { limit: 1, cursor }, owner);
    await expect(board).rejects.toMatchObject({ code: 'validation_failed' });
  });
});

describe('listRestaurantOrders', () => {
  it("shows the owner the restaurant's own, and nobody else anything", async () => {
    const { _id: restaurantId, ownerId } = await createRestaurant();
    // The owner's other restaurant has its own board.
    await insertOrders(3, (index) => ({ ownerId, status: 'placed', ...(index === 1 ? { restaurantId } : {}) }));
    const { data } = await listRestaurantOrders(restaurantId, { limit: 20 }, ownerActor({ ownerId }));
    expect(data.map((order) => order.restaurantId)).toEqual([restaurantId]);
    const stranger = listRestaurantOrders(restaurantId, { limit: 20 }, actor(newId(), 'restaurant', 'admin'));
    await expect(stranger).rejects.toMatchObject({ code: 'not_found' });
  });

  it('shows what is to be cooked or handed over, and the rest on request', async () => {
    const { _id: restaurantId, ownerId } = await createRestaurant();
    await insertOrders(ORDER_STATUSES.length, (index) => {
      const status = ORDER_STATUSES[index];
      return { restaurantId, ...(status === undefined ? {} : { status }) };
    });
    const owner = ownerActor({ ownerId });
    const live = await listRestaurantOrders(restaurantId, { limit: 20 }, owner);
    expect(live.data.map(({ status }) => status).toReversed()).toEqual([
      ...['scheduled', 'placed', 'accepted', 'preparing', 'ready', 'picked_up'],
    ]);
    const ended = await listRestaurantOrders(restaurantId, { limit: 20, status: ['rejected', 'expired'] }, owner);
    expect(ended.data.map(({ status }) => status)).toEqual(['expired', 'rejected']);
  });
});

describe('getOrderFor', () => {
  it('knows its parties and the office, and nobody else', async () => {
    const [order] = await insertOrders(2);
    if (order === undefined) throw new Error('no order');
    const { customerId, ownerId, courierId } = order;
    await ensureRestaurant(order.restaurantId, ownerId);
    const parties = [
      actor(customerId, 'customer'),
      actor(ownerId, 'restaurant'),
      actor(courierId ?? '', 'courier'),
      actor(newId(), 'support'),
      actor(newId(), 'admin'),
    ];
    for (const party of parties) expect((await getOrderFor(order._id, party))._id).toBe(order._id);
    const strangers = [actor(newId(), 'customer', 'restaurant', 'courier'), actor(order.restaurantId, 'restaurant')];
    for (const stranger of strangers) {
      await expect(getOrderFor(order._id, stranger)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('makes nobody a party to an order that has no courier', async () => {
    const [order] = await insertOrders(1, () => ({ courierId: null }));
    await expect(getOrderFor(order?._id ?? '', actor('', 'courier'))).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('listOrderEventsFor', () => {
  it.each([1, 2, 4, 100])('reads a log in pages of %i by the seq of the last event', async (limit) => {
    const order = await createOrderIn('ready');
    const seqs: number[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const { data, nextCursor } = await listOrderEventsFor({ orderId: order._id, after, limit }, ownerActor(order));
      seqs.push(...data.map(({ seq }) => seq));
      after = nextCursor === null ? null : Number(nextCursor);
    }
    expect(seqs).toEqual([1, 2, 3, 4, 5]);
  });

  it('is empty from the last seq on, and beyond', async () => {
    const order = await createOrderIn('placed');
    for (const after of [2, 3, 1_000]) {
      const page = await listOrderEventsFor({ orderId: order._id, after, limit: 10 }, ownerActor(order));
      expect(page).toEqual({ data: [], limit: 10, nextCursor: null, party: 'manager' });
    }
  });

  it('is not found for strangers', async () => {
    const order = await createOrderIn('placed');
    const events = listOrderEventsFor({ orderId: order._id, after: 0, limit: 10 }, actor(newId(), 'restaurant'));
    await expect(events).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('every query of orders', () => {
  const me = newId();
  const restaurantId = newId();
  const secondId = newId();
  const LIMIT = 10;

  /** Old orders of mine, as many as each party, and newer ones of others. I work in two restaurants. */
  async function crowd() {
    await createRestaurant({ _id: restaurantId, ownerId: me });
    await createRestaurant({ _id: secondId });
    await createMember({ restaurantId: secondId, userId: me, role: 'kitchen' });
    return insertOrders(420, (index) => (index < 120 ? { ...mineOf(index), status: 'placed' } : {}));
  }

  function mineOf(index: number): Partial<OrderRecord> {
    if (index % 3 === 0) return { customerId: me };
    if (index % 3 === 1) return { courierId: me };
    return { restaurantId: index % 2 === 0 ? restaurantId : secondId };
  }

  it.each([
    ['listOrders', () => listOrders({ limit: LIMIT }, actor(me, 'customer'))],
    [
      'listOrders with a status',
      () => listOrders({ limit: LIMIT, status: ['placed', 'ready'] }, actor(me, 'customer')),
    ],
    ['listOrders of the staff', () => listOrders({ limit: LIMIT }, actor(me, 'restaurant'))],
    [
      'listOrders of the staff with a status',
      () => listOrders({ limit: LIMIT, status: ['placed', 'ready'] }, actor(me, 'restaurant')),
    ],
    ['listOrders of the office', () => listOrders({ limit: LIMIT }, actor(me, 'admin'))],
    ['listRestaurantOrders', () => listRestaurantOrders(restaurantId, { limit: LIMIT }, actor(me, 'restaurant'))],
    [
      'listRestaurantOrders with a status',
      () => listRestaurantOrders(restaurantId, { limit: LIMIT, status: ['placed', 'ready'] }, actor(me, 'restaurant')),
    ],
  ])('%s reads little more than it answers, and sorts by its index', async (_, list) => {
    await crowd();
    const plans = (await explainQueries(list)).filter(({ command }) => command === 'find orders');
    expect(plans).toHaveLength(1);
    expect(plans[0]?.stages).not.toContain('COLLSCAN');
    expect(plans[0]?.stages).not.toContain('SORT');
    // A merge of several parties looks at the head of each.
    expect(plans[0]?.docsExamined).toBeLessThanOrEqual(3 * LIMIT);
  });

  it('a later page begins where the first one ended', async () => {
    await crowd();
    const { nextCursor } = await listOrders({ limit: LIMIT }, actor(me, 'restaurant'));
    const cursor = nextCursor ?? '';
    const [plan] = await explainQueries(() => listOrders({ limit: LIMIT, cursor }, actor(me, 'restaurant')));
    expect(plan?.stages).not.toContain('SORT');
    expect(plan?.docsExamined).toBeLessThanOrEqual(LIMIT + 1);
  });

  it('reading one order, its log, and adding to it are found by id', async () => {
    const rows = await crowd();
    const orderId = rows[0]?._id ?? '';
    await OrderModel.updateOne({ _id: orderId }, { eventSeq: 0 });
    const append = { orderId, type: 'order.ready' as const, actor: { role: 'system' as const, id: null }, data: {} };
    const plans = await explainQueries(async () => {
      await withTransaction((tx) => appendOrderEvent(tx, append));
      await findOrder(orderId);
      await listOrderEventsFor({ orderId, after: 0, limit: LIMIT }, actor(me, 'customer'));
    });
    const ours = plans.filter(({ command }) => /orders|order_events/.test(command));
    expect(ours.map(({ command }) => command)).toEqual([
      ...['findAndModify orders', 'find orders', 'find orders', 'find order_events'],
    ]);
    for (const plan of ours) {
      expect(plan.stages).not.toContain('COLLSCAN');
      expect(plan.docsExamined, plan.command).toBeLessThanOrEqual(1);
    }
  });

  it('what a customer has ordered before, and for cash, is asked of their own orders only', async () => {
    await crowd();
    const plans = await explainQueries(async () => {
      expect(await hasOrdered(me)).toBe(true);
      expect(await listCashOrders(me, { since: now() })).toEqual([]);
    });
    expect(plans.map(({ command, indexes }) => [command, ...new Set(indexes)])).toEqual([
      ['find orders', 'customerId_1__id_-1'],
      ['find orders', 'customerId_1__id_-1'],
    ]);
    const [first, cash] = plans;
    expect(first?.docsExamined).toBe(1);
    // A third of `crowd` is mine.
    expect(cash?.docsExamined).toBeLessThanOrEqual(40);
  });

  it('its amendments come out of their index, in order', async () => {
    const [first] = await crowd();
    const orderId = first?._id ?? '';
    const old = {
      status: 'applied',
      changes: [],
      totalBeforeMinor: 0,
      currency: 'INR',
      expiresAt: now(),
      createdAt: now(),
    };
    const of = (id: string) => Array.from({ length: 10 }, () => ({ ...old, _id: newId(), orderId: id }));
    await AmendmentModel.insertMany([...of(orderId), ...of(newId()), ...of(newId())]);
    const plans = await explainQueries(() => listAmendments(orderId, actor(me, 'customer')));
    const [plan] = plans.filter(({ command }) => command === 'find amendments');
    expect(plan?.stages).not.toContain('SORT');
    expect(new Set(plan?.indexes)).toEqual(new Set(['orderId_1__id_1']));
    expect(plan?.docsExamined).toBe(10);
  });

  it('a stranger asking for an order costs as little', async () => {
    await crowd();
    const orderId = idFrom('absent');
    const plans = await explainQueries(() => getOrderFor(orderId, actor(me, 'customer')).catch(() => null));
    expect(plans.map(({ stages }) => stages).flat()).not.toContain('COLLSCAN');
  });
});
