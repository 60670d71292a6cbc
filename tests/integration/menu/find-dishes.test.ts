import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { rebuildSearchWords } from '../../../src/modules/menu/search/rebuild-words.service.ts';
import { search } from '../../../src/modules/menu/search/search.service.ts';
import { findByWords } from '../../../src/modules/restaurants/index.ts';
import type { RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { buildMenuItem } from '../../factories/menu-item.ts';
import { createRestaurant, createRestaurants, metersNorth, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { explainQueries } from '../../support/watch-commands.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const ask = { limit: 100, cursor: null };

async function serve(houses: readonly RestaurantRow[], names: readonly string[]): Promise<void> {
  const rows = houses.flatMap(({ _id: restaurantId }) => names.map((name) => buildMenuItem({ restaurantId, name })));
  await MenuItemModel.insertMany(rows);
}

const dishNames = async (q: string, point: typeof TOWN | null): Promise<string[]> =>
  (await search({ q, point, ...ask })).data.flatMap(({ dish }) => dish?.name ?? []);

describe('a search for dishes', () => {
  it('of which there are more than are ranked, keeps those of the most popular restaurants', async () => {
    const crowd = await createRestaurants(
      Array.from({ length: 40 }, (_, index) => ({ name: `House ${index}`, popularity: index + 1 })),
    );
    const best = await createRestaurant({ name: 'Best', popularity: 999 });
    // Of both ends of the index.
    const first = await createRestaurant({ _id: '0'.repeat(24), name: 'First', popularity: 0 });
    await serve(
      [...crowd, first],
      Array.from({ length: 12 }, (_, index) => `Curry ${index}`),
    );
    await serve([best], ['Curry of the best']);
    for (const point of [TOWN, null]) {
      const { data } = await search({ q: 'curry', point, ...ask });
      expect(data[0]?.dish?.name).toBe('Curry of the best');
      expect(data[1]?.listed.row.name).toBe('House 39');
    }
  });

  it('near a point, of which there are hundreds elsewhere, finds the one that is brought there', async () => {
    const away = await createRestaurants(
      Array.from({ length: 40 }, (_, index) => ({ location: metersNorth(20_000), popularity: index + 1 })),
    );
    await serve(
      away,
      Array.from({ length: 10 }, (_, index) => `Curry ${index}`),
    );
    await serve([await createRestaurant()], ['Curry next door']);
    expect(await dishNames('curry', TOWN)).toEqual(['Curry next door']);
  });

  it.each([26_000, 28_000, 35_000, 49_900])('finds those that are brought from %i meters away', async (meters) => {
    for (const north of [meters, -meters]) {
      const far = await createRestaurant({ location: metersNorth(north), deliveryRadiusMeters: 50_000 });
      await serve([far], [`Curry from ${north}`]);
    }
    expect(await dishNames('curry', TOWN)).toHaveLength(2);
  });

  it('typed wrong, a frequent other word does not take the place of the rare one that was typed', async () => {
    const crowd = await createRestaurants(Array.from({ length: 70 }, () => ({ popularity: 9 })));
    await serve(
      crowd,
      Array.from({ length: 10 }, (_, index) => `Bhature ${index}`),
    );
    await serve([await createRestaurant()], ['Bhaturi']);
    await rebuildSearchWords();
    expect((await dishNames('bhaturi', null))[0]).toBe('Bhaturi');
  });

  it('by a rare word and a frequent one, near a point or not, reads as many as the rare one has', async () => {
    const crowd = await createRestaurants(
      Array.from({ length: 600 }, (_, index) => ({ name: index === 7 ? 'Fig Pepper' : 'Pepper House' })),
    );
    await serve(crowd, ['Pepper curry']);
    await serve(crowd.slice(0, 3), ['Fig and pepper']);
    for (const point of [TOWN, null]) {
      const plans = await explainQueries(() => search({ q: 'fig pepper', point, ...ask }));
      const docs = plans.reduce((sum, { docsExamined }) => sum + docsExamined, 0);
      expect(docs).toBeLessThan(30);
      const keys = plans.reduce((sum, { keysExamined }) => sum + keysExamined, 0);
      expect(keys).toBeLessThan(2_500);
      expect(await findByWords([['fig'], ['pepper']], point, 10)).toMatchObject([{ name: 'Fig Pepper' }]);
    }
  });
});
