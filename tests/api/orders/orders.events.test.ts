import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { appendOrderEvent, cancelBySystem } from '../../../src/modules/orders/index.ts';
import { listOrderEventsRoute } from '../../../src/modules/orders/orders.schema.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { createMember } from '../../factories/staff.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { pathOf, sceneOf } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

interface Page {
  data: { seq: number; type: string }[];
  page: { limit: number; nextCursor: string | null; hasMore: boolean };
}

describe('GET /orders/:orderId/events', () => {
  it('gives both parties the same log, oldest first, and says no names', async () => {
    const { customer, owner, order } = await sceneOf('accepted');
    const res = await app.request.get(pathOf(order, 'events')).set(customer.headers).expect(200);
    expectContract(listOrderEventsRoute, res);
    expect((res.body as Page).data.map(({ seq, type }) => `${seq} ${type}`)).toEqual([
      ...['1 order.created', '2 order.placed', '3 order.accepted'],
    ]);
    expect(res.text).not.toContain(owner.userId);
    const other = await app.request.get(pathOf(order, 'events')).set(owner.headers).expect(200);
    expect(other.text).toBe(res.text);
  });

  it('of a cancellation: tells the customer what comes back, and the office who bears it and who did it', async () => {
    const { customer, order } = await sceneOf('accepted');
    const kitchen = await logInAs({ roles: ['restaurant'] });
    await createMember({ restaurantId: order.restaurantId, userId: kitchen.userId, role: 'kitchen' });
    const end = { orderId: order._id, reason: 'no_courier', liableParty: 'platform' } as const;
    await withTransaction((tx) => cancelBySystem(tx, end));
    const support = await logInAs({ roles: ['support'] });
    const last = async (who: Login, query = {}) => {
      const res = await app.request.get(pathOf(order, 'events')).query(query).set(who.headers).expect(200);
      return (res.body as { data: { data: object; actor?: object }[] }).data.at(-1);
    };
    const money = { feeMinor: 0, refundMinor: expect.any(Number) as number, currency: 'INR' };
    const told = { status: 'cancelled', reason: 'no_courier' };
    expect((await last(customer))?.data).toEqual({ ...told, ...money });
    expect((await last(kitchen))?.data).toEqual(told);
    const all = await last(support);
    expect(all?.data).toEqual({ ...told, ...money, liableParty: 'platform' });
    expect(all?.actor).toEqual({ role: 'system', id: null });
    expect(await last(support, { as: 'kitchen' })).toEqual(await last(kitchen));
  });

  it('of the steps that urge the kitchen: shows the customer that there is a row, and the kitchen which it is', async () => {
    const { customer, owner, order } = await sceneOf('placed');
    const { _id: orderId } = order;
    const reminded = { orderId, type: 'order.accept_reminded', actor: { role: 'system', id: null } } as const;
    await withTransaction((tx) => appendOrderEvent(tx, { ...reminded, data: { step: 'sms' } }));
    const last = async (who: Login) => {
      const res = await app.request.get(pathOf(order, 'events')).set(who.headers).expect(200);
      expectContract(listOrderEventsRoute, res);
      return (res.body as Page).data.at(-1);
    };
    expect(await last(customer)).toMatchObject({ seq: 3, type: 'hidden', data: {} });
    expect(await last(owner)).toMatchObject({ seq: 3, type: 'order.accept_reminded', data: { step: 'sms' } });
  });

  it('as it was at a time: gives the office what had happened by then', async () => {
    const { order } = await sceneOf('placed');
    const support = await logInAs({ roles: ['support'] });
    const get = (at: Date) =>
      app.request.get(pathOf(order, 'events')).query({ at: at.toISOString() }).set(support.headers).expect(200);
    expect((await get(addMs(order.createdAt, -1))).body).toMatchObject({ data: [] });
    expect(((await get(now())).body as Page).data).toHaveLength(2);
  });

  it.each([{ as: 'office' }, { at: '2026-11-20T12:30:00.000Z' }])('%j by a customer: is refused', async (query) => {
    const { customer, order } = await sceneOf('placed');
    const res = await app.request.get(pathOf(order, 'events')).query(query).set(customer.headers).expect(403);
    expect(res.body).toMatchObject({ error: { code: 'forbidden' } });
  });

  it('goes on after a seq, page by page', async () => {
    const { customer, order } = await sceneOf('ready');
    const path = pathOf(order, 'events');
    const first = await app.request.get(path).query({ after: 1, limit: 2 }).set(customer.headers).expect(200);
    expect((first.body as Page).data.map(({ seq }) => seq)).toEqual([2, 3]);
    const { nextCursor } = (first.body as Page).page;
    const second = await app.request
      .get(path)
      .query({ cursor: nextCursor ?? '', limit: 2 })
      .set(customer.headers);
    expect((second.body as Page).data.map(({ seq }) => seq)).toEqual([4, 5]);
    expect((second.body as Page).page).toMatchObject({ hasMore: false, nextCursor: null });
  });

  it.each([
    { after: -1 },
    { after: 'x' },
    { after: 1.5 },
    { after: '0x1' },
    { after: '' },
    { limit: 0 },
    { limit: 101 },
    { limit: '0x10' },
    { cursor: 'x' },
    { since: 1 },
  ])('refuses the query %j', async (query) => {
    const { customer, order } = await sceneOf('placed');
    await app.request.get(pathOf(order, 'events')).query(query).set(customer.headers).expect(400);
  });

  it('is 404 for strangers and 401 without a token', async () => {
    const { order } = await sceneOf('placed');
    const { headers } = await logInAs({ roles: ['customer', 'restaurant', 'courier'] });
    await app.request.get(pathOf(order, 'events')).set(headers).expect(404);
    await app.request.get(pathOf(order, 'events')).expect(401);
  });
});
