import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listRestaurantsRoute } from '../../../src/modules/restaurants/listing/listing.schema.ts';
import { createRestaurant, createRestaurants, metersNorth, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

interface ListBody {
  data: { name: string; distanceMeters: number | null; availability: { isOpen: boolean } }[];
  page: { limit: number; nextCursor: string | null; hasMore: boolean };
}

async function list(query: string, status = 200): Promise<ListBody> {
  const response = await app.request.get(`/api/v1/restaurants${query}`).expect(status);
  return response.body as ListBody;
}

const near = `lat=${TOWN.lat}&lng=${TOWN.lng}`;

describe('GET /restaurants', () => {
  it('answers cards as documented, money with its currency, and may be cached for a moment', async () => {
    const row = await createRestaurant({
      name: 'Hoshi Sushi',
      currency: 'JPY',
      minimumOrderMinor: 1_000,
      freeDeliveryOverMinor: 5_000,
    });
    const response = await app.request.get(`/api/v1/restaurants?${near}`).expect(200);
    const body = listRestaurantsRoute.responses[200]?.parse(response.body) as ListBody;
    expect(body.page).toEqual({ limit: 20, nextCursor: null, hasMore: false });
    expect(body.data).toEqual([
      {
        id: row._id,
        name: 'Hoshi Sushi',
        slug: row.slug,
        cuisines: ['north-indian'],
        diets: [],
        modes: ['delivery'],
        imageUrl: null,
        blurhash: null,
        rating: { average: 4.2, count: 10 },
        location: TOWN,
        prepMinutes: 20,
        minimumOrder: { amount: 1_000, currency: 'JPY' },
        deliveryFeeFrom: { amount: 2_500, currency: 'JPY' },
        freeDeliveryOver: { amount: 5_000, currency: 'JPY' },
        deliveryFee: { amount: 2_500, currency: 'JPY' },
        etaMinutes: 23,
        distanceMeters: 0,
        availability: {
          isOpen: true,
          reason: null,
          isBusy: false,
          nextOpenAt: null,
          openUntil: null,
        },
      },
    ]);
    expect(response.headers['cache-control']).toBe('public, max-age=10, stale-while-revalidate=20');
  });

  it('needs no log-in and is the same under /api', async () => {
    await createRestaurant({ name: 'Open to all' });
    const body: unknown = (await app.request.get('/api/restaurants').expect(200)).body;
    expect((body as ListBody).data.map(({ name }) => name)).toEqual(['Open to all']);
  });

  it('combines point, radius, cuisine, search and openNow', async () => {
    await createRestaurants([
      { name: 'Tandoor Palace', cuisines: ['pizza'], location: metersNorth(300) },
      { name: 'Tandoor Closed', cuisines: ['pizza'], location: metersNorth(100), hours: [] },
      { name: 'Tandoor Far', cuisines: ['pizza'], location: metersNorth(2_500) },
      { name: 'Tandoor Thai', cuisines: ['thai'], location: metersNorth(200) },
      { name: 'Palace', cuisines: ['pizza'], location: metersNorth(50) },
    ]);
    const { data } = await list(`?${near}&radius=1000&cuisine=pizza,mexican&q=tand&openNow=true`);
    expect(data.map(({ name, distanceMeters }) => [name, distanceMeters])).toEqual([['Tandoor Palace', 300]]);
  });

  it('pages by cursor to the end', async () => {
    await createRestaurants(
      Array.from({ length: 5 }, (_, index) => ({ name: `House ${index}`, location: metersNorth(index) })),
    );
    const names: string[] = [];
    let cursor = '';
    for (const expected of [true, true, false]) {
      const { data, page } = await list(`?${near}&limit=2${cursor}`);
      names.push(...data.map(({ name }) => name));
      expect(page.hasMore).toBe(expected);
      cursor = `&cursor=${encodeURIComponent(page.nextCursor ?? '')}`;
    }
    expect(names).toEqual(['House 0', 'House 1', 'House 2', 'House 3', 'House 4']);
  });

  it('stays small: a page of twenty with pictures is at most 15 kB', async () => {
    const picture = {
      imageId: '65f0c0ffee0000000000abcd',
      urlTemplate:
        'https://res.cloudinary.com/quickbite/image/upload/quickbite/65f0c0ffee0000000000abcd/{size}-{format}.{format}',
      width: 1600,
      height: 1200,
      blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    };
    await createRestaurants(
      Array.from({ length: 20 }, (_, index) => ({ name: `A restaurant with a usual name ${index}`, picture })),
    );
    const { text } = await app.request.get(`/api/v1/restaurants?${near}`).expect(200);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(15_000);
  });
});

describe('GET /restaurants refuses', () => {
  it.each([
    ['an unknown key', '?color=red', 'query.color'],
    ['half a point', '?lat=15.2', 'query.lat'],
    ['a radius without a point', '?radius=500', 'query.radius'],
    ['an empty coordinate', '?lat=&lng=73', 'query.lat'],
    ['a latitude off the globe', '?lat=91&lng=73', 'query.lat'],
    ['an exponent', '?lat=1e1&lng=73', 'query.lat'],
    ['two values for one key', '?lat=1&lat=2&lng=73', 'query.lat'],
    ['an operator in a key', '?q[$ne]=x', 'query.q[$ne]'],
    ['a radius of the whole country', `?${near}&radius=999999`, 'query.radius'],
    ['a cuisine that is no slug', '?cuisine=pizza,$ne', 'query.cuisine.1'],
    ['an empty search', '?q=', 'query.q'],
    ['an endless search', `?q=${'a'.repeat(81)}`, 'query.q'],
    ['a limit over 100', '?limit=101', 'query.limit'],
    ['a limit in hexadecimal', '?limit=0x10', 'query.limit'],
    ['an empty limit', '?limit=', 'query.limit'],
    ['a limit of none', '?limit=0', 'query.limit'],
    ['openNow that is neither', '?openNow=yes', 'query.openNow'],
    ['a cursor it did not make', '?cursor=abc.def', 'query.cursor'],
  ])('%s', async (_name, query, path) => {
    const { error } = (await list(query, 400)) as unknown as { error: { code: string; details: { path: string }[] } };
    expect(error.code).toBe('validation_failed');
    expect(error.details.map((detail) => detail.path)).toContain(path);
  });

  it('a cursor that was edited by one character', async () => {
    await createRestaurants([{}, {}]);
    const { page } = await list('?limit=1');
    const cursor = page.nextCursor ?? '';
    for (let at = 0; at < cursor.length; at += 1) {
      const other = cursor[at] === 'A' ? 'B' : 'A';
      await list(`?limit=1&cursor=${cursor.slice(0, at)}${other}${cursor.slice(at + 1)}`, 400);
    }
  });
});
