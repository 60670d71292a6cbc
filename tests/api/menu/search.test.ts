import '../../setup/without-rate-limits.ts';
import { DateTime } from 'luxon';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rebuildSearchWords } from '../../../src/modules/menu/search/rebuild-words.service.ts';
import { buildOption, buildOptionGroup, createCategory, createMenuItem } from '../../factories/menu-item.ts';
import { createRestaurant, metersNorth, TOWN } from '../../factories/restaurant.ts';
import { now } from '../../../src/shared/clock.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

interface Hit {
  kind: string;
  id: string;
  name: string;
  isAvailable?: boolean;
  highlights: { start: number; end: number }[];
  restaurant?: { id: string; distanceMeters: number | null };
}

interface Found {
  data: Hit[];
  page: { nextCursor: string | null };
}

async function search(query: Record<string, string>, status = 200): Promise<Found> {
  const response = await app.request.get('/api/v1/search').query(query).expect(status);
  return response.body as Found;
}

const near = { lat: String(TOWN.lat), lng: String(TOWN.lng) };
const namesOf = ({ data }: Found): string[] => data.map(({ name }) => name);
const markedOf = ({ data }: Found): string[] =>
  data.flatMap(({ name, highlights }) => highlights.map(({ start, end }) => name.slice(start, end)));

async function openTown() {
  const house = await createRestaurant({ name: 'Biryani House', cuisines: ['mughlai'], popularity: 5 });
  const far = await createRestaurant({
    name: 'Far Kitchen',
    cuisines: ['thai'],
    location: metersNorth(6_000),
    popularity: 9,
  });
  const shut = await createRestaurant({ name: 'Shut Biryani', status: 'suspended' });
  const dish = (restaurantId: string, name: string) => createMenuItem({ restaurantId, name });
  await dish(house._id, 'Chicken Biryani');
  await dish(house._id, 'Crème brûlée');
  await dish(far._id, 'Prawn biryani');
  await dish(shut._id, 'Hidden biryani');
  await rebuildSearchWords();
  return { house, far };
}

describe('GET /search', () => {
  it('finds restaurants and dishes of live restaurants by beginnings of words, and marks them', async () => {
    await openTown();
    const found = await search({ q: 'bir' });
    expect(namesOf(found)).toEqual(['Biryani House', 'Prawn biryani', 'Chicken Biryani']);
    expect(markedOf(found)).toEqual(['Bir', 'bir', 'Bir']);
  });

  it('with a point, shows only what is delivered there', async () => {
    const { house } = await openTown();
    const found = await search({ q: 'biryani', ...near });
    expect(namesOf(found)).toEqual(['Biryani House', 'Chicken Biryani']);
    expect(found.data[1]?.restaurant).toMatchObject({ id: house._id, distanceMeters: 0 });
  });

  it.each([
    ['biriyani', 'Biryani'],
    ['biryanni', 'Biryani'],
    ['bryani', 'Biryani'],
    ['chikcen biryani', 'Chicken'],
    ['creme brulee', 'Crème'],
  ])('typed as %s, forgives and marks what was meant', async (q, marked) => {
    await openTown();
    expect(markedOf(await search({ q }))).toContain(marked);
  });

  it('as typed, comes before what only resembles it', async () => {
    const { house } = await openTown();
    await createMenuItem({ restaurantId: house._id, name: 'Bhature' });
    await createMenuItem({ restaurantId: house._id, name: 'Bhaturi' });
    await rebuildSearchWords();
    expect(namesOf(await search({ q: 'bhaturi' }))).toEqual(['Bhaturi', 'Bhature']);
  });

  it('shows a dish as available when the menu does: outside the hours of its category neither', async () => {
    const { house } = await openTown();
    const servedOn = (weekday: number) => [{ weekday, opens: '00:00', closes: '24:00' }];
    const { weekday } = DateTime.fromJSDate(now(), { zone: house.timeZone });
    for (const [name, day] of [
      ['Idli today', weekday],
      ['Idli another day', ((weekday + 2) % 7) + 1],
    ] as const) {
      const { _id: categoryId } = await createCategory({ restaurantId: house._id, mealtimes: servedOn(day) });
      await createMenuItem({ restaurantId: house._id, categoryId, name });
    }
    const found = await search({ q: 'idli' });
    const menu = await app.request.get(`/api/v1/restaurants/${house._id}/menu`).expect(200);
    const items = (menu.body as { categories: { items: Hit[] }[] }).categories.flatMap((category) => category.items);
    const statesOf = (dishes: Hit[]) => new Map(dishes.map(({ id, isAvailable }) => [id, isAvailable]));
    expect(statesOf(found.data)).toEqual(statesOf(items));
    expect(found.data.map(({ name, isAvailable }) => [name, isAvailable])).toEqual(
      expect.arrayContaining([
        ['Idli today', true],
        ['Idli another day', false],
      ]),
    );
  });

  it('shows a dish with nothing left to choose as the menu does', async () => {
    const { house } = await openTown();
    const options = [buildOption({ isAvailable: false })];
    const dish = { restaurantId: house._id, name: 'Dosa' };
    await createMenuItem({ ...dish, optionGroups: [buildOptionGroup({ options })] });
    await createMenuItem({ ...dish, optionGroups: [buildOptionGroup({ options, minSelect: 0 })] });
    const { data } = await search({ q: 'dosa' });
    expect(data.map(({ isAvailable }) => isAvailable).sort()).toEqual([false, true]);
  });

  it('demands every word', async () => {
    await openTown();
    expect(namesOf(await search({ q: 'chicken biryani' }))).toEqual(['Chicken Biryani']);
    expect(namesOf(await search({ q: 'biryani sushi' }))).toEqual([]);
  });

  it('pages through everything once, and refuses the cursor of another search', async () => {
    const { house } = await openTown();
    await Promise.all(
      Array.from({ length: 23 }, (_, index) => createMenuItem({ restaurantId: house._id, name: `Momo ${index}` })),
    );
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const found: Found = await search({ q: 'momo', limit: '5', ...(cursor === null ? {} : { cursor }) });
      ids.push(...found.data.map(({ id }) => id));
      cursor = found.page.nextCursor;
    } while (cursor !== null);
    expect([ids.length, new Set(ids).size]).toEqual([23, 23]);
    const { page } = await search({ q: 'momo', limit: '5' });
    await search({ q: 'momos', cursor: page.nextCursor ?? '' }, 400);
  });

  it.each([
    ['without a question', {}],
    ['with an empty one', { q: ' ' }],
    ['with an unknown key', { q: 'x', regex: '1' }],
    ['with half a point', { q: 'x', lat: '1' }],
  ])('%s, refuses', async (_name, query) => {
    await search(query, 400);
  });
});

describe('GET /search/suggest', () => {
  it('completes by names and by words, bounded', async () => {
    await openTown();
    const response = await app.request.get('/api/v1/search/suggest').query({ q: 'bi', limit: '3' }).expect(200);
    expect(
      (response.body as { data: { text: string; kind: string }[] }).data.map(({ text, kind }) => [kind, text]),
    ).toEqual([
      ['restaurant', 'Biryani House'],
      ['word', 'biryani'],
    ]);
  });
});
