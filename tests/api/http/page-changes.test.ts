import '../../setup/with-page-cache.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { metricsRegistry } from '../../../src/infra/observability/index.ts';
import { addRating } from '../../../src/modules/restaurants/index.ts';
import { changeRestaurant } from '../../../src/modules/restaurants/change-restaurant.service.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createCategory, createMenuItem } from '../../factories/menu-item.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createReview } from '../../factories/review.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

async function textOf(path: string): Promise<string> {
  return (await fetch(`${app.url}/api/v1${path}`)).text();
}

async function countOf(page: string, result: string): Promise<number> {
  const metric = await metricsRegistry.getSingleMetric('quickbite_pages_total')?.get();
  return metric?.values.find(({ labels }) => labels['page'] === page && labels['result'] === result)?.value ?? 0;
}

/** The page lies ready: the stream has passed all that was written until now. */
async function held(path: string, page: string): Promise<string> {
  let text = '';
  await eventually(async () => {
    const before = await countOf(page, 'hit');
    text = await textOf(path);
    expect(await countOf(page, 'hit')).toBe(before + 1);
  });
  return text;
}

/** Long before its 30 seconds are over. */
async function shows(path: string, says: (text: string) => boolean): Promise<void> {
  await eventually(async () => {
    expect(says(await textOf(path))).toBe(true);
  });
}

describe('a public page', () => {
  it('of a menu stays when somebody deletes categories and dishes of a draft, and goes with its own', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const [{ _id: draftId }, { _id: liveId }] = [
      await createRestaurant({ ownerId: owner.userId, status: 'draft' }),
      await createRestaurant({ ownerId: owner.userId }),
    ];
    const [empty, ofLive] = [
      await createCategory({ restaurantId: draftId }),
      await createCategory({ restaurantId: liveId }),
    ];
    const dish = await createMenuItem({ restaurantId: liveId, categoryId: ofLive._id });
    const path = `/restaurants/${liveId}/menu`;
    expect(await held(path, 'menu')).toContain(dish._id);
    const misses = await countOf('menu', 'miss');
    const remove = async (route: string) =>
      app.request.delete(`/api/v1${route}`).set({ ...owner.headers, 'If-Match': '"0"' });
    expect((await remove(`/categories/${empty._id}`)).status).toBe(204);
    await held('/restaurants?limit=3', 'restaurants');
    await textOf(path);
    expect(await countOf('menu', 'miss')).toBe(misses);
    expect((await remove(`/items/${dish._id}`)).status).toBe(204);
    await shows(path, (text) => !text.includes(dish._id));
  });

  it('by rating has a restaurant whose rating has risen past what was asked for, at once', async () => {
    const { _id } = await createRestaurant({ rating: { average: 4, count: 1, sum: 4 } });
    const path = '/restaurants?minRating=4.5&limit=50';
    expect(await held(path, 'restaurants')).not.toContain(_id);
    await withTransaction((tx) => addRating(tx, _id, { stars: 5, count: 1 }));
    await shows(path, (text) => text.includes(_id));
  });

  it('of cuisines has a new one at once, everywhere and in the cells of the restaurant', async () => {
    const { _id, location } = await createRestaurant();
    const [lng, lat] = location.coordinates;
    const paths = ['/cuisines', `/cuisines?lat=${lat}&lng=${lng}`];
    for (const path of paths) await held(path, 'cuisines');
    await withTransaction((tx) => changeRestaurant(tx, { restaurantId: _id }, () => ({ cuisines: ['novel'] })));
    for (const path of paths) await shows(path, (text) => text.includes('novel'));
  });

  it('of reviews loses the name of an account that is deleted, at once', async () => {
    const { _id: restaurantId } = await createRestaurant();
    const user = await createUser({ name: `Zenobia ${newId()}` });
    await createReview({ restaurantId, customerId: user._id });
    const path = `/restaurants/${restaurantId}/reviews`;
    expect(await held(path, 'reviews')).toContain('Zenobia');
    await UserModel.collection.updateOne({ _id: user._id as never }, { $set: { status: 'deleted', name: 'Deleted' } });
    await shows(path, (text) => !text.includes('Zenobia'));
  });
});
