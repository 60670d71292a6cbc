import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listOrdersRoute } from '../../../src/modules/orders/orders.schema.ts';
import { createOrderIn } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/orders';
interface Page {
  data: { id: string; status: string }[];
  page: { limit: number; nextCursor: string | null; hasMore: boolean };
}

async function customerWithOrders() {
  const login = await logInAs();
  const parties = { customerId: login.userId };
  const orders = [await createOrderIn('placed', parties), await createOrderIn('cancelled', parties)];
  orders.push(await createOrderIn('accepted', parties));
  await createOrderIn('placed');
  return { ...login, ids: orders.map(({ _id }) => _id).toReversed() };
}

describe('GET /orders', () => {
  it('lists the own orders, newest first, and pages through them', async () => {
    const { headers, ids } = await customerWithOrders();
    const first = await app.request.get(PATH).query({ limit: 2 }).set(headers).expect(200);
    expectContract(listOrdersRoute, first);
    const { data, page } = first.body as Page;
    expect(data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(page).toMatchObject({ limit: 2, hasMore: true });
    const cursor = page.nextCursor ?? '';
    const second = await app.request.get(PATH).query({ limit: 2, cursor }).set(headers).expect(200);
    expectContract(listOrdersRoute, second);
    expect((second.body as Page).data.map(({ id }) => id)).toEqual(ids.slice(2));
    expect((second.body as Page).page).toEqual({ limit: 2, nextCursor: null, hasMore: false });
  });

  it('filters by one status and by several', async () => {
    const { headers } = await customerWithOrders();
    for (const status of ['accepted', 'placed,cancelled']) {
      const res = await app.request.get(PATH).query({ status }).set(headers).expect(200);
      const statuses = (res.body as Page).data.map((order) => order.status);
      expect(statuses.toSorted()).toEqual(status.split(',').toSorted());
    }
  });

  it.each([
    { limit: 0 },
    { limit: 101 },
    { limit: 1e9 },
    { limit: -1 },
    { limit: 'ten' },
    { limit: 1.5 },
    { 'limit[]': 10 },
    { limit: ['10', '1000'] },
    { status: 'burnt' },
    { status: '' },
    { 'status[$ne]': 'placed' },
    { cursor: 'zzz' },
    { fields: 'passwordHash' },
    { sort: '-createdAt' },
    { customerId: 'me' },
  ])('refuses the query %j', async (query) => {
    const { headers } = await logInAs();
    const res = await app.request.get(PATH).query(query).set(headers).expect(400);
    expect(errorOf(res).code).toBe('validation_failed');
  });

  it('opens no cursor of another user, and none that was edited', async () => {
    const { headers } = await customerWithOrders();
    const first = await app.request.get(PATH).query({ limit: 1 }).set(headers).expect(200);
    const cursor = (first.body as Page).page.nextCursor ?? '';
    const other = await customerWithOrders();
    await app.request.get(PATH).query({ cursor }).set(other.headers).expect(400);
    const edited = cursor.replace(/^./, (letter) => (letter === 'I' ? 'J' : 'I'));
    const res = await app.request.get(PATH).query({ cursor: edited }).set(headers).expect(400);
    expect(errorOf(res)).toMatchObject({ details: [{ path: 'query.cursor', code: 'invalid_cursor' }] });
  });

  it('is empty for a newcomer and closed without a token', async () => {
    await customerWithOrders();
    const { headers } = await logInAs({ roles: ['courier'] });
    const res = await app.request.get(PATH).set(headers).expect(200);
    expect(res.body).toEqual({ data: [], page: { limit: 20, nextCursor: null, hasMore: false } });
    await app.request.get(PATH).expect(401);
  });
});
