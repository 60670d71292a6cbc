import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RestaurantModel, type RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { buildDeliveryArea, createRestaurant, TOWN } from '../../factories/restaurant.ts';
import { createMember } from '../../factories/staff.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';

/** Friday, 12:30 in the restaurant's zone. */
const NOW = new Date('2026-11-20T07:00:00.000Z');
const BANDS = [{ upToMeters: 3_000, feeMinor: 2_000 }];
const TERMS = { minimumOrderMinor: 5_000, freeDeliveryOverMinor: null, feeBands: BANDS };
const DELIVERY = { deliveryRadiusMeters: 2_000, ...TERMS, areas: [] };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

async function opened(changes: Partial<RestaurantRow> = {}) {
  const owner = await logInAs({ roles: ['restaurant'] });
  const { _id } = await createRestaurant({ ownerId: owner.userId, ...changes });
  return { owner, id: _id };
}

interface Edit {
  login: Login;
  version?: number;
  method?: 'put' | 'post' | 'delete';
}

function send(path: string, body: object | undefined, { login, version = 0, method = 'put' }: Edit) {
  return app.request[method](`/api/v1/restaurants/${path}`)
    .set({ ...login.headers, 'If-Match': `"${version}"` })
    .send(body);
}

function stored(id: string): Promise<RestaurantRow | null> {
  return RestaurantModel.findById(id).lean<RestaurantRow>();
}

describe('PUT /restaurants/:restaurantId/hours', () => {
  const hours = [
    { weekday: 5, opens: '19:00', closes: '01:00' },
    { weekday: 5, opens: '12:00', closes: '15:00' },
  ];

  it('stores the week in its order, and answers with the next version', async () => {
    const { owner, id } = await opened();
    const res = await send(`${id}/hours`, { hours }, { login: owner }).expect(200);
    expect(res.headers['etag']).toBe('"1"');
    expect(res.body).toMatchObject({ version: 1, hours: hours.toReversed() });
    expect(await stored(id)).toMatchObject({ version: 1, hours: hours.toReversed() });
  });

  it('refuses an edit of an old version, and says which is current', async () => {
    const { owner, id } = await opened();
    await send(`${id}/hours`, { hours }, { login: owner }).expect(200);
    const res = await send(`${id}/hours`, { hours: [] }, { login: owner }).expect(409);
    expect(errorOf(res)).toMatchObject({ code: 'version_conflict', details: { currentVersion: 1 } });
  });

  it('makes one of two edits at once', async () => {
    const { owner, id } = await opened();
    const edits = [
      send(`${id}/hours`, { hours }, { login: owner }),
      send(`${id}/hours`, { hours: [] }, { login: owner }),
    ];
    const answers = await Promise.all(edits);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await stored(id)).toMatchObject({ version: 1 });
  });

  it.each([
    ['overlapping spans', [...hours, { weekday: 6, opens: '00:30', closes: '02:00' }]],
    ['a time that is none', [{ weekday: 1, opens: '25:00', closes: '26:00' }]],
    ['a weekday that is none', [{ weekday: 0, opens: '10:00', closes: '12:00' }]],
  ])('refuses %s', async (_, bad) => {
    const { owner, id } = await opened();
    const res = await send(`${id}/hours`, { hours: bad }, { login: owner }).expect(400);
    expect(errorOf(res).code).toBe('validation_failed');
    expect(await stored(id)).toMatchObject({ version: 0 });
  });

  it('needs If-Match, and somebody who may edit', async () => {
    const { owner, id } = await opened();
    const bare = await app.request.put(`/api/v1/restaurants/${id}/hours`).set(owner.headers).send({ hours });
    expect([bare.status, errorOf(bare).code]).toEqual([400, 'if_match_missing']);
    const cook = await logInAs({ roles: ['restaurant'] });
    await createMember({ restaurantId: id, userId: cook.userId, role: 'kitchen' });
    expect(errorOf(await send(`${id}/hours`, { hours }, { login: cook }).expect(403)).code).toBe('forbidden');
  });
});

describe('closures of a restaurant', () => {
  it('are several dates at once, with a note, and drop what is past', async () => {
    setClock({ frozenAt: NOW });
    const { owner, id } = await opened({ exceptions: [{ date: '2026-11-19', spans: [] }] });
    const edit = { login: owner, method: 'post' as const };
    const body = { date: '2026-12-31', through: '2027-01-02', note: 'New Year' };
    const res = await send(`${id}/closures`, body, edit).expect(201);
    const closed = (date: string) => ({ date, spans: [], note: 'New Year' });
    expect(res.headers).toMatchObject({ etag: '"1"', location: `/api/v1/restaurants/${id}/console` });
    expect(res.body).toMatchObject({ exceptions: ['2026-12-31', '2027-01-01', '2027-01-02'].map(closed) });
    expect((await stored(id))?.exceptions).toHaveLength(3);
  });

  it('hold at once', async () => {
    setClock({ frozenAt: NOW });
    const { owner, id } = await opened();
    await send(`${id}/closures`, { date: '2026-11-20' }, { login: owner, method: 'post' }).expect(201);
    const { body } = (await app.request.get(`/api/v1/restaurants/${id}/availability`)) as { body: unknown };
    expect(body).toMatchObject({ isOpen: false, reason: 'closed_exception', nextOpenAt: '2026-11-20T18:30:00.000Z' });
  });

  it.each([
    ['a date that is past there', { date: '2026-11-19' }, 400, 'validation_failed'],
    ['a date too far ahead', { date: '2029-11-19' }, 400, 'validation_failed'],
    ['an end before the beginning', { date: '2026-12-02', through: '2026-12-01' }, 400, 'validation_failed'],
    ['a date that has one', { date: '2026-12-24', through: '2026-12-26' }, 409, 'already_exists'],
    ['more than it holds', { date: '2027-01-01', through: '2027-12-31' }, 422, 'list_full'],
    ['a date of no calendar', { date: '2026-02-30' }, 400, 'validation_failed'],
  ])('refuse %s', async (...[, body, status, code]) => {
    setClock({ frozenAt: NOW });
    const { owner, id } = await opened({ exceptions: [{ date: '2026-12-25', spans: [] }] });
    const res = await send(`${id}/closures`, body, { login: owner, method: 'post' });
    expect([res.status, errorOf(res).code]).toEqual([status, code]);
    expect(await stored(id)).toMatchObject({ version: 0 });
  });

  it('are removed by their date, once', async () => {
    setClock({ frozenAt: NOW });
    const { owner, id } = await opened({ exceptions: [{ date: '2026-12-25', spans: [] }] });
    const path = `${id}/closures/2026-12-25`;
    const res = await send(path, undefined, { login: owner, method: 'delete' }).expect(200);
    expect([res.headers['etag'], res.body]).toMatchObject(['"1"', { exceptions: [] }]);
    await send(path, undefined, { login: owner, method: 'delete', version: 1 }).expect(404);
  });
});

describe('PUT /restaurants/:restaurantId/state', () => {
  it('pauses until a time, also by the kitchen and without a version, and opens again', async () => {
    setClock({ frozenAt: NOW });
    const { owner, id } = await opened();
    const cook = await logInAs({ roles: ['restaurant'] });
    await createMember({ restaurantId: id, userId: cook.userId, role: 'kitchen' });
    const put = (login: Login, body: object) => {
      return app.request.put(`/api/v1/restaurants/${id}/state`).set(login.headers).send(body);
    };
    const until = '2026-11-20T07:20:00.000Z';
    expect((await put(cook, { state: 'paused', until }).expect(200)).body).toMatchObject({ pausedUntil: until });
    const { body: paused } = (await app.request.get(`/api/v1/restaurants/${id}/availability`)) as { body: unknown };
    expect(paused).toMatchObject({ isOpen: false, reason: 'paused', nextOpenAt: until });
    expect((await put(owner, { state: 'busy', until }).expect(200)).body).toMatchObject({
      ...{ pausedUntil: null, busyUntil: until, version: 2 },
    });
    expect((await put(owner, { state: 'open' }).expect(200)).body).toMatchObject({
      pausedUntil: null,
      busyUntil: null,
    });
  });

  it.each([
    ['a pause without end', { state: 'paused' }],
    ['an end of what is open', { state: 'open', until: '2026-11-20T08:00:00Z' }],
    ['a time that is past', { state: 'paused', until: '2026-11-20T07:00:00Z' }],
    ['a pause of more than a week', { state: 'paused', until: '2026-11-27T07:00:01Z' }],
    ['a rush of more than twelve hours', { state: 'busy', until: '2026-11-20T19:00:01Z' }],
    ['a state that is none', { state: 'closed', until: '2026-11-20T08:00:00Z' }],
  ])('refuses %s', async (_, body) => {
    setClock({ frozenAt: NOW });
    const { owner, id } = await opened();
    const res = await send(`${id}/state`, body, { login: owner }).expect(400);
    expect(errorOf(res).code).toBe('validation_failed');
  });
});

describe('PUT /restaurants/:restaurantId/delivery', () => {
  const { id: _id, ...town } = buildDeliveryArea({ metersToEdge: 1_000, name: 'Old Town' });
  const far = buildDeliveryArea({ metersToEdge: 1_000 }).polygon.coordinates[0]?.map(([lng, lat]) => [lng + 1, lat]);

  it('stores areas on terms of their own, wound as GeoJSON wants them, and delivers by them at once', async () => {
    const { owner, id } = await opened();
    const clockwise = { ...town.polygon, coordinates: [town.polygon.coordinates[0]?.toReversed()] };
    const area = { ...town, polygon: clockwise, minimumOrderMinor: 7_000 };
    const res = await send(`${id}/delivery`, { ...DELIVERY, areas: [area] }, { login: owner }).expect(200);
    expect(res.headers['etag']).toBe('"1"');
    expect(res.body).toMatchObject({ ...TERMS, deliveryAreas: [{ name: 'Old Town', polygon: town.polygon }] });
    const at = (meters: number) => ({ lat: TOWN.lat + meters / 111_195, lng: TOWN.lng, restaurantId: id });
    const check = async (meters: number): Promise<unknown> =>
      (await app.request.post('/api/v1/serviceability').send(at(meters)).expect(200)).body;
    expect(await check(970)).toMatchObject({
      restaurantCount: 1,
      restaurant: { terms: { area: { name: 'Old Town' }, minimumOrder: { amount: 7_000 } } },
    });
    expect(await check(1_030)).toMatchObject({ restaurantCount: 0, restaurant: { terms: null } });
  });

  it('keeps the id of an area that is sent with it', async () => {
    const known = buildDeliveryArea({ metersToEdge: 500 });
    const { owner, id } = await opened({ deliveryAreas: [known] });
    const areas = [{ ...known, name: 'Harbour' }];
    const res = await send(`${id}/delivery`, { ...DELIVERY, areas }, { login: owner }).expect(200);
    expect(res.body).toMatchObject({ deliveryAreas: [{ id: known.id, name: 'Harbour' }] });
  });

  it.each([
    ['an area that crosses itself', { areas: [{ ...town, polygon: bowTie() }] }],
    [
      'an area with latitude first',
      {
        areas: [
          {
            ...town,
            polygon: ring([
              [15.2, 173.1],
              [15.3, 173.1],
              [15.3, 173.2],
              [15.2, 173.1],
            ]),
          },
        ],
      },
    ],
    ['an area far away', { areas: [{ ...town, polygon: { type: 'Polygon', coordinates: [far] } }] }],
    [
      'an area with a hole',
      {
        areas: [
          {
            ...town,
            polygon: { type: 'Polygon', coordinates: [...town.polygon.coordinates, ...town.polygon.coordinates] },
          },
        ],
      },
    ],
    ['two areas of one name', { areas: [town, { ...town, name: 'OLD TOWN' }] }],
    ['an area that is not there', { areas: [{ ...town, id: '65f0c0ffee0000000000abcd' }] }],
    ['no fee table and no area', { feeBands: [] }],
    ['a fee table that is cheaper further away', { feeBands: [...BANDS, { upToMeters: 9_000, feeMinor: 1_000 }] }],
    ['a radius of a hundred kilometers', { deliveryRadiusMeters: 100_000 }],
  ])('refuses %s', async (_, changes) => {
    const { owner, id } = await opened();
    const res = await send(`${id}/delivery`, { ...DELIVERY, ...changes }, { login: owner }).expect(400);
    expect(errorOf(res).code).toBe('validation_failed');
    expect(await stored(id)).toMatchObject({ version: 0, deliveryAreas: [] });
  });

  it('refuses fee tables that end before the restaurant does, and says how far they must go by road', async () => {
    const { owner, id } = await opened();
    const feeBands = [{ upToMeters: 1_000, feeMinor: 2_000 }];
    const short = { ...DELIVERY, deliveryRadiusMeters: 5_000, feeBands };
    const res = await send(`${id}/delivery`, short, { login: owner }).expect(400);
    expect(errorOf(res).details).toMatchObject([
      { path: 'feeBands', message: expect.stringContaining('6750') as string },
    ]);
    const areas = [town, { ...town, name: 'New Town', feeBands }];
    const inArea = await send(`${id}/delivery`, { ...DELIVERY, feeBands: [], areas }, { login: owner }).expect(400);
    expect(errorOf(inArea).details).toMatchObject([{ path: 'areas.1.feeBands' }]);
    const far = [{ upToMeters: 6_750, feeMinor: 2_000 }];
    await send(`${id}/delivery`, { ...short, feeBands: far }, { login: owner }).expect(200);
  });
});

function ring(points: [number, number][]) {
  return { type: 'Polygon', coordinates: [points] };
}

function bowTie() {
  const { lng, lat } = TOWN;
  return ring([
    [lng, lat],
    [lng + 0.01, lat + 0.01],
    [lng + 0.01, lat],
    [lng, lat + 0.01],
    [lng, lat],
  ]);
}

describe('PUT /restaurants/:restaurantId/capacity', () => {
  it('sets a limit and takes it away', async () => {
    const { owner, id } = await opened();
    const capacity = { slotMinutes: 15, maxOrders: 8 };
    expect((await send(`${id}/capacity`, { capacity }, { login: owner }).expect(200)).body).toMatchObject({ capacity });
    const res = await send(`${id}/capacity`, { capacity: null }, { login: owner, version: 1 }).expect(200);
    expect([res.headers['etag'], res.body]).toMatchObject(['"2"', { capacity: null }]);
  });

  it.each([{ slotMinutes: 7, maxOrders: 1 }, { slotMinutes: 15, maxOrders: 0 }, { slotMinutes: 15 }])(
    'refuses %j',
    async (capacity) => {
      const { owner, id } = await opened();
      await send(`${id}/capacity`, { capacity }, { login: owner }).expect(400);
    },
  );
});
