import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import {
  FIRST_RING_METERS,
  restaurantsNear,
  type NearFilter,
} from '../../../src/modules/restaurants/listing/listing.queries.ts';
import { createRestaurants, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

/** As MongoDB measures: on a globe of this radius. */
const METERS_PER_DEGREE = (6_378_100 * Math.PI) / 180;

const WITHIN_50_KM: NearFilter = {
  ...{ keys: [], cuisines: [], diets: [], tokens: [], minRating: null, mode: null },
  ...{ point: TOWN, radiusMeters: 50_000 },
};

async function createAt(meters: readonly number[]): Promise<string[]> {
  const rows = await createRestaurants(
    meters.map((north) => ({
      location: { type: 'Point', coordinates: [TOWN.lng, TOWN.lat + north / METERS_PER_DEGREE] },
    })),
  );
  return rows.map(({ _id }) => _id);
}

async function batchesOf(filter: NearFilter, batchSize: number): Promise<string[][]> {
  const batches: string[][] = [];
  for await (const batch of restaurantsNear(filter, null, batchSize)) batches.push(batch.map(({ row }) => row._id));
  return batches;
}

describe('the list by distance, read ring by ring', () => {
  it.each([2, 3, 100])(
    'gives everybody out once and in order, also around the border of a ring, in batches of %i',
    async (size) => {
      const border = FIRST_RING_METERS;
      const ids = await createAt([
        10,
        border - 0.005,
        border,
        border + 0.005,
        border + 1,
        4_999,
        5_001,
        20_000,
        49_000,
      ]);
      expect((await batchesOf(WITHIN_50_KM, size)).flat()).toEqual(ids);
    },
  );

  it('reads on where the first rings are empty, and not beyond the circle', async () => {
    const [far] = await createAt([30_000, 51_000]);
    expect(await batchesOf(WITHIN_50_KM, 20)).toEqual([[far]]);
  });

  it('reads the next ring only when it is asked for more than the first one has', async () => {
    const [near, far] = await createAt([500, 3_000]);
    expect(await batchesOf(WITHIN_50_KM, 20)).toEqual([[near], [far]]);
  });
});
