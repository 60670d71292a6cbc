import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { getMenuStand } from '../../../src/modules/menu/menu-of-restaurant.service.ts';
import { rebuildSearchWords } from '../../../src/modules/menu/search/rebuild-words.service.ts';
import { search } from '../../../src/modules/menu/search/search.service.ts';
import { suggest } from '../../../src/modules/menu/search/suggest.service.ts';
import { findSlotCounts, releaseKitchenSlot } from '../../../src/modules/restaurants/kitchen-slots.service.ts';
import { cuisineKeys, listCuisines } from '../../../src/modules/restaurants/listing/cuisines.service.ts';
import { listPopularRestaurants } from '../../../src/modules/restaurants/listing/popular.service.ts';
import {
  countInReview,
  listLiveBranches,
  listRestaurantsByStatus,
} from '../../../src/modules/restaurants/restaurant-lists.queries.ts';
import {
  findOwnerId,
  findRestaurants,
  getRestaurant,
  hasOpenRestaurant,
  listOwnedRestaurantIds,
} from '../../../src/modules/restaurants/restaurants.service.ts';
import { checkServiceability } from '../../../src/modules/restaurants/serving/serviceability.service.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createMenuItem } from '../../factories/menu-item.ts';
import { createRestaurants, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { explainQueries } from '../../support/watch-commands.ts';

const [ownerId, brandId, kitchenId] = [newId(), newId(), newId()];
const capacity = { slotMinutes: 15, maxOrders: 1 };

beforeAll(async () => {
  await bootstrap();
  const own = { ownerId, brandId, capacity };
  await createRestaurants(
    Array.from({ length: 20 }, (_, index) => ({
      ...{ popularity: index, name: `Pepper ${index}`, slug: `pepper-${index}` },
      ...(index < 4 ? own : {}),
      ...(index === 0 ? { _id: kitchenId } : {}),
    })),
  );
  for (let rank = 0; rank < 5; rank += 1)
    await createMenuItem({ restaurantId: kitchenId, rank, name: `Pepper ${rank}` });
});
afterAll(async () => {
  await emptyCollections();
  await shutdown('test');
});

const at = new Date('2026-11-20T08:00:00Z');
const limits = { limit: 5, cursor: null };

const WORK: Readonly<Record<string, () => Promise<unknown>>> = {
  getRestaurant: () => getRestaurant(kitchenId),
  findRestaurants: () => findRestaurants([kitchenId, newId()]),
  findOwnerId: () => findOwnerId(kitchenId),
  hasOpenRestaurant: () => withTransaction((tx) => hasOpenRestaurant(tx, ownerId)),
  listOwnedRestaurantIds: () => listOwnedRestaurantIds(ownerId),
  countInReview: () => countInReview(10),
  listLiveBranches: () => listLiveBranches(brandId, { afterSlug: '', limit: 2 }),
  listRestaurantsByStatus: () => listRestaurantsByStatus({ status: 'live', after: null, limit: 2 }),
  findSlotCounts: () => findSlotCounts({ id: kitchenId, timeZone: 'UTC', capacity }, at),
  releaseKitchenSlot: () => withTransaction((tx) => releaseKitchenSlot(tx, newId())),
  checkServiceability: () => checkServiceability(TOWN, kitchenId),
  listPopularRestaurants: () => listPopularRestaurants(TOWN, 3),
  listCuisines: () => listCuisines(cuisineKeys(null)),
  search: () => search({ q: 'peper', point: TOWN, ...limits }),
  suggest: () => suggest('pep', 5),
  rebuildSearchWords,
  getMenuStand: () => getMenuStand(kitchenId),
};

describe('the queries of', () => {
  it.each(Object.keys(WORK))('%s are served by an index, without a sort of more than a handful', async (name) => {
    const plans = await explainQueries(WORK[name] ?? (() => Promise.resolve()));
    expect(plans).not.toEqual([]);
    for (const { command, stages, indexes } of plans) {
      expect.soft(stages, command).not.toContain('COLLSCAN');
      // A point lies in one zone, or in two where they touch.
      if (command !== 'find zones') expect.soft(stages, command).not.toContain('SORT');
      const isById = stages.some((stage) => stage.startsWith('IDHACK') || stage.startsWith('EXPRESS'));
      expect.soft(isById || indexes.length > 0 || stages.includes('EOF'), command).toBe(true);
    }
  });
});
