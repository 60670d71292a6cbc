import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { nearPipeline, ownedQuery, slugQuery } from '../../../src/modules/restaurants/restaurants.queries.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildRestaurant, createRestaurants, metersNorth, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { summarizePlan } from '../../support/explain.ts';

const ownerId = newId();

beforeAll(async () => {
  await bootstrap();
  await createRestaurants(
    Array.from({ length: 400 }, (_, index) => ({
      name: `House ${index}`,
      slug: `house-${String(index).padStart(3, '0')}`,
      cuisines: [index % 4 === 0 ? 'pizza' : 'thai'],
      searchTokens: index % 8 === 0 ? ['tam', 'tamarind'] : ['house'],
      location: metersNorth(index * 10),
      status: index % 10 === 0 ? 'suspended' : 'live',
      ...(index < 5 ? { ownerId } : {}),
    })),
  );
});
afterAll(async () => {
  await emptyCollections();
  await shutdown('test');
});

const all = { cuisines: [], tokens: [] };

describe('the index of', () => {
  it.each([
    { list: 'the whole list', filter: all, index: 'status_slug', mostDocs: 20 },
    {
      list: 'a list of two cuisines',
      filter: { ...all, cuisines: ['pizza', 'thai'] },
      index: 'status_cuisines_slug',
      mostDocs: 22,
    },
    { list: 'a search', filter: { ...all, tokens: ['tam'] }, index: 'status_searchTokens_slug', mostDocs: 20 },
    {
      list: 'a search within a cuisine',
      filter: { tokens: ['tam'], cuisines: ['pizza'] },
      index: 'status_searchTokens_slug',
      mostDocs: 20,
    },
  ])('$list serves filter and order', async ({ filter, index, mostDocs }) => {
    const plan = summarizePlan(await slugQuery(filter, 'house-005', 20).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set([index]));
    expect(plan.stages).not.toContain('COLLSCAN');
    expect(plan.stages).not.toContain('SORT');
    expect(plan.docsExamined).toBeLessThanOrEqual(mostDocs);
  });

  it('the list near a point serves distance and status, and reads nothing beyond the radius', async () => {
    const pipeline = nearPipeline({ ...all, point: TOWN, radiusMeters: 1_000 }, 0, 20);
    const plan = summarizePlan(await RestaurantModel.aggregate(pipeline).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['location_status']));
    expect(plan.stages).not.toContain('COLLSCAN');
    expect(plan.docsExamined).toBeLessThan(150);
  });

  it('the restaurants of an owner serves filter and order', async () => {
    const plan = summarizePlan(await ownedQuery(ownerId).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['ownerId_1__id_1']));
    expect([plan.docsExamined, plan.keysExamined]).toEqual([0, 5]);
  });

  it('the slug is unique', async () => {
    const row = buildRestaurant({ slug: 'house-001' });
    await expect(new RestaurantModel(row).save()).rejects.toMatchObject({ code: 11000, keyPattern: { slug: 1 } });
  });
});
