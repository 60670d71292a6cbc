import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { FavouriteModel } from '../../../src/modules/users/favourite.model.ts';
import { listFavouritesRoute } from '../../../src/modules/users/favourites.schema.ts';
import { now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createRestaurant, createRestaurants } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { answerOf } from '../../support/answer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/me/favourites';

type Headers = Login['headers'];

async function add(headers: Headers, restaurantId: string): Promise<void> {
  await app.request.put(`${PATH}/${restaurantId}`).set(headers).expect(204);
}

describe('PUT /me/favourites/:restaurantId', () => {
  it('is 204, and a second time the same', async () => {
    const { userId, headers } = await logInAs();
    const { _id: restaurantId } = await createRestaurant();
    await add(headers, restaurantId);
    await add(headers, restaurantId);
    expect(await FavouriteModel.find().lean()).toMatchObject([{ userId, restaurantId }]);
  });

  it.each(['draft', 'in_review', 'suspended', 'archived'] as const)(
    'of a restaurant that is %s is 404',
    async (status) => {
      const { headers } = await logInAs();
      const { _id } = await createRestaurant({ status });
      const res = await app.request.put(`${PATH}/${_id}`).set(headers);
      expect(res).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
      expect(await FavouriteModel.countDocuments()).toBe(0);
    },
  );

  it('beyond five hundred is 422 list_full, and one that stands there is 204 all the same', async () => {
    const { userId, headers } = await logInAs();
    const { _id: known } = await createRestaurant();
    const { _id: fresh } = await createRestaurant();
    await add(headers, known);
    const rows = Array.from({ length: 499 }, () => ({ _id: newId(), userId, restaurantId: newId(), createdAt: now() }));
    await FavouriteModel.insertMany(rows);
    const res = await app.request.put(`${PATH}/${fresh}`).set(headers);
    expect(res).toMatchObject({ status: 422, body: { error: { code: 'list_full' } } });
    await add(headers, known);
    expect(await FavouriteModel.countDocuments()).toBe(500);
  });
});

describe('GET /me/favourites', () => {
  it('pages through the own ones, the last added first', async () => {
    const { headers } = await logInAs();
    const other = await logInAs();
    const restaurants = await createRestaurants([{ name: 'One' }, { name: 'Two' }, { name: 'Three' }]);
    for (const { _id } of restaurants) await add(headers, _id);
    await add(other.headers, restaurants[0]?._id ?? '');
    const first = await app.request.get(PATH).query({ limit: 2 }).set(headers);
    expectContract(listFavouritesRoute, answerOf(first));
    const { data, page } = first.body as { data: { restaurant: object }[]; page: { nextCursor: string } };
    expect(data).toMatchObject([
      { restaurant: { name: 'Three', isLive: true, isOpen: true } },
      { restaurant: { name: 'Two' } },
    ]);
    const second = await app.request.get(PATH).query({ limit: 2, cursor: page.nextCursor }).set(headers);
    expect(second.body).toMatchObject({ data: [{ restaurant: { name: 'One' } }], page: { hasMore: false } });
    const stolen = await app.request.get(PATH).query({ cursor: page.nextCursor }).set(other.headers);
    expect(stolen).toMatchObject({ status: 400, body: { error: { code: 'validation_failed' } } });
  });

  it('shows one that has left as not live and not open', async () => {
    const { headers } = await logInAs();
    const { _id } = await createRestaurant();
    await add(headers, _id);
    await RestaurantModel.updateOne({ _id }, { status: 'suspended' });
    const res = await app.request.get(PATH).set(headers);
    expect(res.body).toMatchObject({ data: [{ restaurant: { id: _id, isLive: false, isOpen: false } }] });
  });

  it.each(['restaurant', 'courier', 'support', 'admin'] as const)('is 403 for a %s', async (role) => {
    const { headers } = await logInAs({ roles: [role] });
    expect(await app.request.get(PATH).set(headers)).toMatchObject({ status: 403 });
  });
});

describe('DELETE /me/favourites/:restaurantId', () => {
  it('is 204, a second time the same, and leaves those of others', async () => {
    const [{ headers }, other] = [await logInAs(), await logInAs()];
    const { _id } = await createRestaurant();
    await add(headers, _id);
    await add(other.headers, _id);
    for (let n = 0; n < 2; n += 1) await app.request.delete(`${PATH}/${_id}`).set(headers).expect(204);
    expect(await FavouriteModel.find().lean()).toMatchObject([{ userId: other.userId }]);
  });

  it('of a restaurant that has left since is 204', async () => {
    const { headers } = await logInAs();
    const { _id } = await createRestaurant();
    await add(headers, _id);
    await RestaurantModel.updateOne({ _id }, { status: 'archived' });
    await app.request.delete(`${PATH}/${_id}`).set(headers).expect(204);
    expect(await FavouriteModel.countDocuments()).toBe(0);
  });

  it('of a restaurant that never was is 404', async () => {
    const { headers } = await logInAs();
    await app.request.delete(`${PATH}/${newId()}`).set(headers).expect(404);
  });
});
