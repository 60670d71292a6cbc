import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { syncIndexes } from '../../../src/infra/mongo/index.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';

beforeAll(bootstrap);
afterAll(() => shutdown('test'));

const { collection } = RestaurantModel;
const LEFT = { name: 'searchTokens_1_region_1__id_1', key: { searchTokens: 1, region: 1, _id: 1 } } as const;

async function namesOfIndexes(): Promise<string[]> {
  return (await collection.indexes()).map(({ name = '' }) => name);
}

describe('syncIndexes', () => {
  it('finds nothing to do where it has been', async () => {
    expect(await syncIndexes({ replacesChanged: false })).toEqual([]);
  });

  it('reports an index that no model names any more, and drops it only where a developer works', async () => {
    const declared = await namesOfIndexes();
    await collection.createIndex(LEFT.key, { name: LEFT.name }, {});
    expect(await syncIndexes({ replacesChanged: false })).toEqual([`restaurants.${LEFT.name}`]);
    expect(await namesOfIndexes()).toContain(LEFT.name);
    expect(await syncIndexes({ replacesChanged: true })).toEqual([]);
    expect(await namesOfIndexes()).toEqual(declared);
  });

  it('builds an index anew whose definition has changed', async () => {
    const declared = await namesOfIndexes();
    await collection.dropIndex('slug_1');
    await collection.createIndex({ slug: 1 }, {}, {});
    await syncIndexes({ replacesChanged: true });
    const slug = (await collection.indexes()).find(({ name }) => name === 'slug_1');
    expect(slug).toMatchObject({ unique: true });
    expect((await namesOfIndexes()).toSorted()).toEqual(declared.toSorted());
  });
});
