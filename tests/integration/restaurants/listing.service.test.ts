import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import type { ListRestaurantsInput } from '../../../src/modules/restaurants/listing/list-input.ts';
import { listRestaurants, type ListPage } from '../../../src/modules/restaurants/listing/listing.service.ts';
import { RestaurantModel, type RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { searchTokensOf } from '../../../src/modules/restaurants/search-tokens.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildRestaurant, createRestaurant, createRestaurants, metersNorth, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { ASK } from '../../support/listing.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

function ask(changes: Partial<ListRestaurantsInput> = {}): ListRestaurantsInput {
  return { ...ASK, ...changes };
}

async function namesOf(changes: Partial<ListRestaurantsInput>): Promise<string[]> {
  return (await listRestaurants(ask(changes))).data.map(({ row }) => row.name);
}

/** Every page until there is no cursor. */
async function walk(changes: Partial<ListRestaurantsInput>): Promise<{ ids: string[]; sizes: number[] }> {
  const ids: string[] = [];
  const sizes: number[] = [];
  let cursor: string | null = null;
  do {
    const page: ListPage = await listRestaurants(ask({ ...changes, cursor }));
    ids.push(...page.data.map(({ row }) => row._id));
    sizes.push(page.data.length);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { ids, sizes };
}

const named = (name: string, changes: Partial<RestaurantRow> = {}): Partial<RestaurantRow> => {
  const cuisines = changes.cuisines ?? ['north-indian'];
  return { name, cuisines, searchTokens: searchTokensOf({ name, cuisines }), ...changes };
};

describe('listRestaurants near a point', () => {
  it('sorts by distance, with the great-circle distance in meters', async () => {
    await createRestaurants(
      [1_500, 200, 900].map((meters) => named(`At ${meters}`, { location: metersNorth(meters) })),
    );
    const { data } = await listRestaurants(ask({ point: TOWN }));
    expect(data.map(({ row, distanceMeters }) => [row.name, distanceMeters])).toEqual([
      ['At 200', 200],
      ['At 900', 900],
      ['At 1500', 1500],
    ]);
  });

  it('leaves out what lies beyond the radius, and beyond the default one where none is given', async () => {
    await createRestaurants(
      [400, 2_000, 9_000].map((meters) => named(`At ${meters}`, { location: metersNorth(meters) })),
    );
    expect(await namesOf({ point: TOWN, radiusMeters: 1_000 })).toEqual(['At 400']);
    expect(await namesOf({ point: TOWN })).toEqual(['At 400', 'At 2000']);
  });

  it('says out_of_range where the restaurant does not deliver to the point, and openNow leaves it out', async () => {
    await createRestaurants([
      named('Reaches', { location: metersNorth(2_000) }),
      named('Does not', { location: metersNorth(2_500), deliveryRadiusMeters: 2_000 }),
    ]);
    const { data } = await listRestaurants(ask({ point: TOWN }));
    expect(data.map(({ availability }) => availability.reason)).toEqual([null, 'out_of_range']);
    expect(await namesOf({ point: TOWN, openNow: true })).toEqual(['Reaches']);
  });

  it('pages through restaurants at one and the same place without loss or repetition', async () => {
    const places = [0, 0, 500, 700, 700, 700, 700, 700, 700, 700, 700, 700, 1_200, 1_200];
    const rows = await createRestaurants(places.map((meters) => ({ location: metersNorth(meters) })));
    for (const limit of [1, 2, 3, 5, 13, 14, 50]) {
      const { ids, sizes } = await walk({ point: TOWN, limit });
      expect(ids).toHaveLength(rows.length);
      expect(new Set(ids)).toEqual(new Set(rows.map(({ _id }) => _id)));
      expect(sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
    }
  });

  it('is in the same order whatever the page size', async () => {
    const places = Array.from({ length: 40 }, (_, index) => ((index * 37) % 11) * 100);
    await createRestaurants(places.map((meters) => ({ location: metersNorth(meters) })));
    const { ids } = await walk({ point: TOWN, limit: 100 });
    for (const limit of [1, 4, 7]) expect((await walk({ point: TOWN, limit })).ids).toEqual(ids);
  });
});

describe('listRestaurants without a point', () => {
  it('sorts by popularity and pages without loss', async () => {
    const rows = await createRestaurants([3, 0.5, 7, 0, 2].map((popularity) => ({ popularity })));
    const expected = rows.toSorted((a, b) => b.popularity - a.popularity).map(({ _id }) => _id);
    for (const limit of [1, 2, 4, 5, 6]) expect((await walk({ limit })).ids).toEqual(expected);
  });

  it('knows no distance', async () => {
    await createRestaurant();
    expect((await listRestaurants(ask())).data[0]?.distanceMeters).toBeNull();
  });

  it('shows live restaurants only', async () => {
    await createRestaurants(
      (['draft', 'in_review', 'live', 'suspended', 'archived'] as const).map((status) => ({ status, name: status })),
    );
    expect(await namesOf({})).toEqual(['live']);
    expect(await namesOf({ point: TOWN })).toEqual(['live']);
  });
});

describe('listRestaurants with filters', () => {
  const BY_DISTANCE = ['Tandoor Pizza', 'Tamarind Tandoor', 'Café Tamarind', 'مطعم المنارة'];
  const town = [
    named('Café Tamarind', { cuisines: ['cafe', 'bakery'], location: metersNorth(300) }),
    named('Tamarind Tandoor', { cuisines: ['north-indian'], location: metersNorth(200) }),
    named('Tandoor Pizza', { cuisines: ['pizza'], location: metersNorth(100) }),
    named('مطعم المنارة', { cuisines: ['middle-eastern'], location: metersNorth(400) }),
  ];

  it.each<[string, Partial<ListRestaurantsInput>, string[]]>([
    ['any of the cuisines', { cuisines: ['bakery', 'pizza'] }, ['Café Tamarind', 'Tandoor Pizza']],
    ['the beginning of a word', { q: 'tam' }, ['Café Tamarind', 'Tamarind Tandoor']],
    ['all words in any order', { q: 'TANDOOR tama' }, ['Tamarind Tandoor']],
    ['a word without its accent', { q: 'cafe' }, ['Café Tamarind']],
    ['another script', { q: 'المن' }, ['مطعم المنارة']],
    ['a cuisine as a word', { q: 'bak' }, ['Café Tamarind']],
    ['words and cuisine together', { q: 'tand', cuisines: ['pizza', 'cafe'] }, ['Tandoor Pizza']],
    ['the middle of a word, which does not match', { q: 'mar' }, []],
    ['nothing searchable', { q: '.*' }, []],
    ['something that would be a pattern', { q: '^tam.*' }, ['Café Tamarind', 'Tamarind Tandoor']],
  ])('finds by %s', async (_name, changes, expected) => {
    await createRestaurants(town);
    expect((await namesOf(changes)).toSorted()).toEqual(expected.toSorted());
    const near = BY_DISTANCE.filter((name) => expected.includes(name));
    for (const mode of [null, 'delivery'] as const) {
      expect(await namesOf({ ...changes, mode, point: TOWN })).toEqual(near);
      for (const sort of ['rating', 'popularity', 'eta'] as const) {
        expect((await namesOf({ ...changes, mode, sort, point: TOWN })).toSorted()).toEqual(near.toSorted());
      }
    }
  });
});

describe('listRestaurants open now', () => {
  const closed = { hours: [] };

  it('fills its pages past any number of closed ones', async () => {
    const rows = Array.from({ length: 330 }, (_, index) => ({
      location: metersNorth(index),
      ...(index % 30 === 29 ? {} : closed),
    }));
    await createRestaurants(rows);
    for (const point of [TOWN, null]) {
      const { ids, sizes } = await walk({ point, openNow: true, limit: 4 });
      expect(sizes).toEqual([4, 4, 3]);
      expect(new Set(ids).size).toBe(11);
    }
  });

  it('stops after reading a great many, with a cursor to go on', async () => {
    // What is derived is the same for all: two thousand times the same map would take longer than the rest of this file.
    const row = buildRestaurant({ popularity: 1, ...closed });
    const twins = Array.from({ length: 2_050 }, () => ({ ...row, _id: newId(), slug: newId() }));
    await RestaurantModel.collection.insertMany(twins as never[]);
    await createRestaurant({ name: 'Open at last' });
    const first = await listRestaurants(ask({ openNow: true }));
    expect(first.data).toEqual([]);
    expect(await namesOf({ openNow: true, cursor: first.nextCursor })).toEqual(['Open at last']);
  });

  it('follows the clock', async () => {
    const hours = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '12:00', closes: '15:00' }));
    await createRestaurant({ name: 'Lunch', hours });
    setClock({ frozenAt: new Date('2026-11-20T06:29:59.999Z') });
    expect(await namesOf({ openNow: true })).toEqual([]);
    setClock({ frozenAt: new Date('2026-11-20T06:30:00.000Z') });
    expect(await namesOf({ openNow: true })).toEqual(['Lunch']);
  });
});

describe('listRestaurants by time of arrival', () => {
  it('ranks the nearest 300, and goes on by distance, each once', async () => {
    // The nearest is the slowest; the furthest would be the soonest, and is beyond what is ranked.
    const rows = Array.from({ length: 330 }, (_, index) => ({
      name: `At ${index}`,
      location: metersNorth(index * 5),
      prepMinutes: index >= 300 ? 1 : 200 - Math.floor(index / 3),
    }));
    const made = await createRestaurants(rows);
    const numberOf = new Map(made.map(({ _id }, index) => [_id, index]));
    const { ids } = await walk({ point: TOWN, sort: 'eta', limit: 40 });
    const numbers = ids.map((id) => numberOf.get(id) ?? -1);
    expect(new Set(numbers).size).toBe(330);
    expect(numbers[0]).toBeGreaterThanOrEqual(297);
    expect(numbers.slice(0, 300).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, index) => index));
    expect(numbers.slice(300)).toEqual(Array.from({ length: 30 }, (_, index) => 300 + index));
  });

  it('shows beyond the ranked ones, too, only who brings something there', async () => {
    const near = Array.from({ length: 300 }, () => ({ location: metersNorth(10) }));
    const far = [{ name: 'Reaches' }, { name: 'Does not', deliveryRadiusMeters: 50 }];
    await createRestaurants([...near, ...far.map((row) => ({ ...row, location: metersNorth(100) }))]);
    const first = await listRestaurants(ask({ point: TOWN, sort: 'eta', limit: 300 }));
    expect(first.data).toHaveLength(300);
    const rest = { point: TOWN, sort: 'eta' as const, limit: 300, cursor: first.nextCursor };
    expect(await namesOf(rest)).toEqual(['Reaches']);
    expect((await listRestaurants(ask(rest))).nextCursor).toBeNull();
  });

  it('has no cursor where everybody was ranked', async () => {
    await createRestaurants(Array.from({ length: 5 }, () => ({ location: metersNorth(10) })));
    const { sizes } = await walk({ point: TOWN, sort: 'eta', limit: 5 });
    expect(sizes).toEqual([5]);
  });
});

describe('the cursor of listRestaurants', () => {
  async function cursorOf(changes: Partial<ListRestaurantsInput>): Promise<string> {
    const { nextCursor } = await listRestaurants(ask({ limit: 1, ...changes }));
    if (nextCursor === null) throw new Error('one page only');
    return nextCursor;
  }

  const refused = { code: 'validation_failed', details: [{ path: 'query.cursor', code: 'invalid_cursor' }] };

  it('is refused with other filters, another point, and when it is edited', async () => {
    await createRestaurants([{}, {}]);
    const cursor = await cursorOf({});
    const forged = `${Buffer.from('["a"]').toString('base64url')}.${cursor.split('.')[1] ?? ''}`;
    for (const changes of [
      { cursor, cuisines: ['pizza'] },
      { cursor, point: TOWN },
      { cursor, openNow: true },
      { cursor, sort: 'rating' as const },
      { cursor, mode: 'delivery' as const },
      { cursor, minRating: 1 },
      { cursor, diets: ['vegan'] },
      { cursor: `${cursor}A` },
      { cursor: `${cursor}.` },
      { cursor: cursor.slice(0, -1) },
      { cursor: forged },
      { cursor: 'x' },
    ]) {
      await expect(listRestaurants(ask(changes)), JSON.stringify(changes)).rejects.toMatchObject(refused);
    }
  });

  it('goes on with another page size', async () => {
    await createRestaurants([{}, {}, {}]);
    const { data } = await listRestaurants(ask({ cursor: await cursorOf({}), limit: 10 }));
    expect(data).toHaveLength(2);
  });
});
