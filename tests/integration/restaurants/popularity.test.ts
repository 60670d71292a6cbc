import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { cuisineKeys, listCuisines } from '../../../src/modules/restaurants/listing/cuisines.service.ts';
import { listPopularRestaurants } from '../../../src/modules/restaurants/listing/popular.service.ts';
import { popularityOf } from '../../../src/modules/restaurants/popularity/popularity-score.ts';
import { countDeliveredOrder } from '../../../src/modules/restaurants/popularity/popularity.service.ts';
import { RestaurantModel, type RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { createRestaurant, createRestaurants, metersNorth } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

const DAY_MS = 86_400_000;

async function popularity(restaurant: RestaurantRow | undefined): Promise<number> {
  return (await RestaurantModel.findById(restaurant?._id ?? '').lean<RestaurantRow>())?.popularity ?? NaN;
}

describe('countDeliveredOrder', () => {
  it('of twenty orders at once, counts every one', async () => {
    const row = await createRestaurant();
    const frozenAt = new Date('2026-11-20T12:00:00Z');
    setClock({ frozenAt });
    await Promise.all(Array.from({ length: 20 }, () => countDeliveredOrder(row._id)));
    expect(await popularity(row)).toBeCloseTo(popularityOf(20, frozenAt), 6);
  });

  it('two orders of today, against three of a fortnight ago, are worth more', async () => {
    const [old, fresh] = await createRestaurants([{}, {}]);
    const today = now();
    setClock({ frozenAt: addMs(today, -14 * DAY_MS) });
    for (let count = 0; count < 3; count += 1) await countDeliveredOrder(old?._id ?? '');
    setClock({ frozenAt: today });
    for (let count = 0; count < 2; count += 1) await countDeliveredOrder(fresh?._id ?? '');
    expect(await popularity(fresh)).toBeGreaterThan(await popularity(old));
  });
});

/** Of its own cell, so that no other test's cached list is met. */
const elsewhere = (meters: number) => metersNorth(200_000 + meters);
const HERE = { lng: elsewhere(0).coordinates[0], lat: elsewhere(0).coordinates[1] };

describe('listPopularRestaurants', () => {
  it('the most ordered first, leaves out who was never ordered from and who does not deliver to the point', async () => {
    await createRestaurants([
      { name: 'Second', popularity: 5, location: elsewhere(0) },
      { name: 'First', popularity: 7, location: elsewhere(500) },
      { name: 'Never', popularity: 0, location: elsewhere(0) },
      { name: 'Too far', popularity: 9, location: elsewhere(3_100) },
      { name: 'Collection only', popularity: 9, location: elsewhere(0), modes: ['collection'] },
      { name: 'Suspended', popularity: 9, location: elsewhere(0), status: 'suspended' },
    ]);
    const { data } = await listPopularRestaurants(HERE, 10);
    expect(data.map(({ row }) => row.name)).toEqual(['First', 'Second']);
  });
});

describe('listCuisines', () => {
  it('near a point and everywhere, counts live restaurants', async () => {
    const location = metersNorth(400_000);
    await createRestaurants([
      { cuisines: ['pizza', 'thai'], location },
      { cuisines: ['pizza'], location },
      { cuisines: ['cafe'], location: metersNorth(0) },
      { cuisines: ['cafe'], location, status: 'draft' },
    ]);
    const [lng, lat] = location.coordinates;
    expect(await listCuisines(cuisineKeys({ lat, lng }))).toEqual([
      { cuisine: 'pizza', count: 2 },
      { cuisine: 'thai', count: 1 },
    ]);
    expect(await listCuisines(cuisineKeys(null))).toEqual([
      { cuisine: 'pizza', count: 2 },
      { cuisine: 'cafe', count: 1 },
      { cuisine: 'thai', count: 1 },
    ]);
  });
});
