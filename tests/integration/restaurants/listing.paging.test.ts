import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { LIST_SORTS, type ListRestaurantsInput } from '../../../src/modules/restaurants/listing/list-input.ts';
import { listRestaurants, type ListPage } from '../../../src/modules/restaurants/listing/listing.service.ts';
import { deliveryTermsAt } from '../../../src/modules/restaurants/delivery-terms.ts';
import { toRestaurantSnapshot } from '../../../src/modules/restaurants/restaurant-snapshot.ts';
import type { RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { fromGeoJson, greatCircleMeters } from '../../../src/shared/geo.ts';
import { createRestaurants, metersNorth, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { ASK } from '../../support/listing.ts';

let rows: RestaurantRow[] = [];

/** Many equal ratings, popularities and places on purpose; numbers from a fixed sequence. */
beforeAll(async () => {
  await bootstrap();
  let seed = 7;
  const next = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
  rows = await createRestaurants(
    Array.from({ length: 300 }, (_, index) => ({
      name: `House ${index}`,
      cuisines: [['pizza', 'thai', 'cafe'][next(3)] ?? '', ['bakery', 'sushi'][next(2)] ?? ''],
      diets: next(2) === 0 ? ['vegan'] : [],
      location: metersNorth(next(12) * 700),
      modes: next(3) === 0 ? ['collection' as const] : ['delivery' as const, 'collection' as const],
      deliveryRadiusMeters: 1_000 + next(5) * 1_000,
      rating: { average: next(6), count: 1, sum: 1 },
      popularity: next(4),
      prepMinutes: 10 + next(3) * 5,
      ...(next(3) === 0 ? { hours: [] } : {}),
    })),
  );
});
afterAll(async () => {
  await emptyCollections();
  await shutdown('test');
});

async function walk(input: Partial<ListRestaurantsInput>): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: ListPage = await listRestaurants({ ...ASK, limit: 17, ...input, cursor });
    ids.push(...page.data.map(({ row }) => row._id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

function expected(input: Partial<ListRestaurantsInput>): Set<string> {
  const { point = null, cuisines = [], diets = [], openNow, minRating, maxFeeMinor = null, mode = null } = input;
  const { radiusMeters = mode === 'delivery' ? null : 8_000 } = input;
  // eslint-disable-next-line complexity -- the whole of what the list promises, in one place
  const fits = rows.filter((row) => {
    const distance = point === null ? 0 : greatCircleMeters(point, fromGeoJson(row.location));
    const reaches = row.modes.includes('delivery') && distance <= row.deliveryRadiusMeters;
    if (mode === 'delivery' && (point === null ? !row.modes.includes('delivery') : !reaches)) return false;
    if (mode === 'collection' && !row.modes.includes('collection')) return false;
    if (point !== null && radiusMeters !== null && distance > radiusMeters) return false;
    if (openNow === true && (row.hours.length === 0 || (point !== null && mode !== 'collection' && !reaches)))
      return false;
    // Who brings nothing to the point has no time of arrival.
    if (input.sort === 'eta' && mode !== 'collection' && !reaches) return false;
    if (maxFeeMinor !== null && (!reaches || feeOf(row) > maxFeeMinor)) return false;
    if (minRating !== undefined && minRating !== null && row.rating.average < minRating) return false;
    return (
      diets.every((diet) => row.diets.includes(diet)) &&
      (cuisines.length === 0 || cuisines.some((one) => row.cuisines.includes(one)))
    );
  });
  return new Set(fits.map(({ _id }) => _id));
}

function feeOf(row: RestaurantRow): number {
  const terms = deliveryTermsAt(toRestaurantSnapshot(row), TOWN);
  const road = greatCircleMeters(TOWN, fromGeoJson(row.location)) * 1.35;
  return terms === null ? Infinity : road <= 2_000 ? 2_500 : 4_900;
}

const FILTERS: Partial<ListRestaurantsInput>[] = [
  {},
  { cuisines: ['pizza', 'sushi'] },
  { diets: ['vegan'], minRating: 2 },
  { openNow: true },
  { mode: 'delivery' },
  { mode: 'delivery', cuisines: ['thai', 'bakery'], minRating: 1 },
  { mode: 'collection', radiusMeters: 2_100 },
  { maxFeeMinor: 2_500 },
  { mode: 'delivery', openNow: true, radiusMeters: 1_500 },
];

describe('paging through 300 restaurants', () => {
  const cases = LIST_SORTS.flatMap((sort) =>
    FILTERS.flatMap((filter) => {
      const near = { ...filter, sort, point: TOWN };
      const needsPoint = sort === 'distance' || sort === 'eta' || 'maxFeeMinor' in filter || 'radiusMeters' in filter;
      return needsPoint ? [near] : [near, { ...filter, sort }];
    }),
  );

  it.each(cases.map((input) => [JSON.stringify(input), input] as const))(
    '%s, shows everybody who fits once, whatever the page size',
    async (_name, input) => {
      const ids = await walk(input);
      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(ids)).toEqual(expected(input));
      expect(await walk({ ...input, limit: 100 })).toEqual(ids);
    },
  );

  it('by rating and by popularity, goes down, and equal ones by id', async () => {
    const byId = new Map(rows.map((row) => [row._id, row]));
    for (const [sort, valueOf] of [
      ['rating', (row: RestaurantRow) => row.rating.average],
      ['popularity', (row: RestaurantRow) => row.popularity],
    ] as const) {
      const keys = (await walk({ sort, point: TOWN })).map((id) => {
        const row = byId.get(id);
        if (row === undefined) throw new Error('a stranger in the list');
        return [valueOf(row), id] as const;
      });
      expect(keys).toEqual(keys.toSorted((a, b) => b[0] - a[0] || (a[1] < b[1] ? -1 : 1)));
    }
  });
});
