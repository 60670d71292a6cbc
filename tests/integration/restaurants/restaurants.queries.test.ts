import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import {
  keysDeliveringTo,
  keysEverywhere,
  keysLyingWithin,
  wordKey,
} from '../../../src/modules/restaurants/list-keys.ts';
import { nearPipeline, walkQuery } from '../../../src/modules/restaurants/listing/listing.queries.ts';
import {
  countByKey,
  cuisineRowsQuery,
  popularQuery,
} from '../../../src/modules/restaurants/listing/popular.queries.ts';
import { byIdsQuery, countByKeys, wordsQuery } from '../../../src/modules/restaurants/listing/find-listed.queries.ts';
import { ownedQuery } from '../../../src/modules/restaurants/restaurants.queries.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildRestaurant, createRestaurants, metersNorth, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { summarizePlan } from '../../support/explain.ts';
import { explainQueries } from '../../support/watch-commands.ts';

const ownerId = newId();

beforeAll(async () => {
  await bootstrap();
  await createRestaurants(
    Array.from({ length: 400 }, (_, index) => ({
      name: index % 8 === 0 ? `Tamarind ${index}` : `House ${index}`,
      slug: `house-${String(index).padStart(3, '0')}`,
      popularity: index % 7,
      rating: { average: (index % 9) / 2, count: 1, sum: 1 },
      cuisines: [index % 4 === 0 ? 'pizza' : 'thai'],
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

const everything = { cuisines: [], diets: [], tokens: [], minRating: null, mode: null };

describe('the index of', () => {
  it.each([
    { list: 'the whole list', keys: keysEverywhere([]), mostDocs: 20 },
    { list: 'a list of two cuisines', keys: keysEverywhere(['pizza', 'thai']), mostDocs: 20 },
    { list: 'a search', keys: [wordKey('tam')], mostDocs: 20 },
    { list: 'those that deliver to a point', keys: keysDeliveringTo(TOWN, []), mostDocs: 20 },
    {
      list: 'those of two cuisines that deliver to a point',
      keys: keysDeliveringTo(TOWN, ['pizza', 'thai']),
      mostDocs: 20,
    },
    { list: 'those that lie within a radius', keys: keysLyingWithin(TOWN, 3_000, []), mostDocs: 20 },
    { list: 'a search near a point', keys: keysDeliveringTo(TOWN, []), tokens: ['tam'], mostDocs: 200 },
  ])('$list, by rating and by popularity, serves order and cursor', async ({ keys, tokens = [], mostDocs }) => {
    for (const [sort, index] of [
      ['rating', 'listKeys_rating_id'],
      ['popularity', 'listKeys_popularity_id'],
    ] as const) {
      for (const after of [null, [3, newId()] as [number, string]]) {
        const query = walkQuery(sort, { ...everything, keys, tokens }, { after, limit: 20 });
        const plan = summarizePlan(await query.explain('executionStats'));
        expect(new Set(plan.indexes)).toEqual(new Set([index]));
        expect(plan.stages).not.toContain('COLLSCAN');
        expect(plan.stages).not.toContain('SORT');
        expect(plan.docsExamined).toBeLessThanOrEqual(mostDocs);
      }
    }
  });

  it.each([
    { list: 'the list near a point', cuisines: [], mostDocs: 150 },
    { list: 'the list of a cuisine near a point', cuisines: ['pizza'], mostDocs: 50 },
  ])(
    '$list serves distance, status and cuisine, and reads nothing beyond the radius',
    async ({ cuisines, mostDocs }) => {
      const pipeline = nearPipeline({ ...everything, keys: [], cuisines, point: TOWN, radiusMeters: 1_000 }, 0, 20);
      const plan = summarizePlan(await RestaurantModel.collection.aggregate(pipeline).explain('executionStats'));
      expect(new Set(plan.indexes)).toEqual(new Set(['location_status_cuisines']));
      expect(plan.stages).not.toContain('COLLSCAN');
      expect(plan.docsExamined).toBeLessThan(mostDocs);
    },
  );

  it('popular restaurants of a cell serves filter and order', async () => {
    const plan = summarizePlan(await popularQuery(keysDeliveringTo(TOWN, []), 20).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['listKeys_popularity_id']));
    expect(plan.stages).not.toContain('SORT');
    expect(plan.docsExamined).toBeLessThanOrEqual(20);
  });

  it.each([
    { walk: 'by words, mistyped ones too', keys: [wordKey('tam'), wordKey('tamarind')], most: 100, docs: 40 },
    { walk: 'near a point, however rare the word', keys: keysDeliveringTo(TOWN, []), most: 60, docs: 60 },
  ])('restaurants $walk serves order, and no more are read than is allowed', async ({ keys, most, docs }) => {
    const query = wordsQuery({ keys, mostRead: most }, [['tam', 'tamarind'], ['tamarind']]);
    const plan = summarizePlan(await query.explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['listKeys_popularity_id']));
    expect(plan.stages).not.toContain('SORT');
    expect(plan.docsExamined).toBe(docs);
    expect(plan.keysExamined).toBeLessThanOrEqual(docs * 2 + 4);
  });

  it('restaurants with a word are counted without being read, and only as far as is allowed', async () => {
    const [counted] = await explainQueries(() => countByKeys([wordKey('house'), wordKey('hous')], 50));
    expect(counted).toMatchObject({ docsExamined: 0 });
    expect(counted?.keysExamined).toBeLessThanOrEqual(52);
  });

  it('restaurants by their ids reads them alone', async () => {
    const plan = summarizePlan(await byIdsQuery([newId(), newId()], 'listed').explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['_id_']));
  });

  it('cuisines of a cell serves filter and order, and their numbers read no restaurant', async () => {
    const plan = summarizePlan(await cuisineRowsQuery(keysDeliveringTo(TOWN, []), 50).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['listKeys_popularity_id']));
    expect(plan.stages).not.toContain('SORT');
    const [counted] = await explainQueries(() => countByKey(keysEverywhere(['pizza'])[0] ?? ''));
    expect(counted).toMatchObject({ docsExamined: 0 });
    expect(new Set(counted?.indexes)).toEqual(new Set(['listKeys_popularity_id']));
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
