import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listRestaurantOrdersRoute } from '../../../src/modules/orders/orders.schema.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn } from '../../factories/order.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

interface Page {
  data: { id: string; deliveryAddress: unknown }[];
  page: { nextCursor: string | null };
}

async function board() {
  const owner = await logInAs({ roles: ['restaurant'] });
  const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId });
  const parties = { ownerId: owner.userId, restaurantId };
  const live = [await createOrderIn('placed', parties), await createOrderIn('accepted', parties)];
  await createOrderIn('pending_payment', parties);
  await createOrderIn('rejected', parties);
  await createOrderIn('placed', { ownerId: owner.userId });
  return { owner, parties, path: `/api/v1/restaurants/${restaurantId}/orders`, ids: live.map(({ _id }) => _id) };
}

describe('GET /restaurants/:restaurantId/orders', () => {
  it('shows what is to be cooked or handed over here, and no address', async () => {
    const { owner, path, ids } = await board();
    const res = await app.request.get(path).set(owner.headers).expect(200);
    expectContract(listRestaurantOrdersRoute, res);
    const { data } = res.body as Page;
    expect(data.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(data.map(({ deliveryAddress }) => deliveryAddress)).toEqual([null, null]);
  });

  it('pages, and shows ended orders on request', async () => {
    const { owner, path, ids } = await board();
    const first = await app.request.get(path).query({ limit: 1 }).set(owner.headers).expect(200);
    const cursor = (first.body as Page).page.nextCursor ?? '';
    const second = await app.request.get(path).query({ limit: 1, cursor }).set(owner.headers).expect(200);
    expect((second.body as Page).data.map(({ id }) => id)).toEqual(ids.slice(0, 1));
    const ended = await app.request.get(path).query({ status: 'rejected,expired' }).set(owner.headers).expect(200);
    expect((ended.body as Page).data).toHaveLength(1);
  });

  it('refuses an unknown query key, and the cursor of another board', async () => {
    const { owner, path } = await board();
    await app.request.get(path).query({ ownerId: owner.userId }).set(owner.headers).expect(400);
    const other = await board();
    const first = await app.request.get(other.path).query({ limit: 1 }).set(other.owner.headers).expect(200);
    const cursor = (first.body as Page).page.nextCursor ?? '';
    await app.request.get(path).query({ cursor }).set(owner.headers).expect(400);
  });

  it('is 404 for another restaurant and for an absent one, 403 for other trades, 400 for no id', async () => {
    const { path, owner } = await board();
    const stranger = await logInAs({ roles: ['restaurant'] });
    await app.request.get(path).set(stranger.headers).expect(404);
    await app.request.get(`/api/v1/restaurants/${newId()}/orders`).set(owner.headers).expect(404);
    await app.request.get('/api/v1/restaurants/1/orders').set(owner.headers).expect(400);
    for (const role of ['customer', 'courier', 'support', 'admin'] as const) {
      const { headers } = await logInAs({ roles: [role] });
      await app.request.get(path).set(headers).expect(403);
    }
    await app.request.get(path).expect(401);
  });
});
