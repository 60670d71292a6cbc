import '../setup/without-rate-limits.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRestaurants, TOWN } from '../factories/restaurant.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { logInAs } from '../support/log-in.ts';
import { allRoutes, call, named, plausiblePath } from '../support/route-calls.ts';
import { ROLES } from '../../src/shared/actor.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

const paged = allRoutes.filter(
  ({ method, contract }) =>
    method === 'get' && 'limit' in ((contract.request.query as { shape?: object } | undefined)?.shape ?? {}),
);
const BAD = [
  ...[
    'limit=1000000000',
    'limit=-1',
    'limit=0',
    'limit=1.5',
    'limit=1e2',
    'limit=NaN',
    'limit=',
    'limit=%00',
    'limit=101',
  ],
  ...['limit=10&limit=1000', 'limit=10&limit=10', 'limit[]=10', 'limit[]=', 'limit[$gt]=1', 'limit.x=1'],
  ...[
    'page=1000000',
    'offset=1000000',
    'skip=1000000',
    'cursor=x.y',
    'cursor=',
    'cursor[]=x',
    `cursor=${'a'.repeat(600)}`,
  ],
];

describe('case 31: a list', () => {
  it.each(named(paged))('%s, asked for too much or for a page it never offered, refuses', async (_, route) => {
    const login = await logInAs({ roles: [...ROLES] });
    const takesCursor = 'cursor' in ((route.contract.request.query as { shape?: object }).shape ?? {});
    for (const query of BAD) {
      const { status } = await call(app, route, { login, path: `${plausiblePath(route)}?${query}` });
      // Who has no cursor does not know the key; both are refusals. A list of something that is not there has the word first.
      const isShapely = takesCursor && query === 'cursor=';
      expect(isShapely ? [200, 400, 403, 404] : [400, 403, 404], query).toContain(status);
    }
  });

  it('of restaurants, gives a cursor that is good for its own questions alone, and for whoever asks them', async () => {
    await createRestaurants([{}, {}, {}]);
    const path = '/api/v1/restaurants';
    const { body } = (await app.request.get(`${path}?limit=1`).expect(200)) as {
      body: { page: { nextCursor: string } };
    };
    const cursor = encodeURIComponent(body.page.nextCursor);
    await app.request.get(`${path}?limit=1&cursor=${cursor}`).expect(200);
    await app.request.get(`${path}?limit=1&lat=${TOWN.lat}&lng=${TOWN.lng}&cursor=${cursor}`).expect(400);
    await app.request.get(`${path}?limit=1&sort=rating&cursor=${cursor}`).expect(400);
    await app.request.get(`/api/v1/search?q=pepper&cursor=${cursor}`).expect(400);
    const [payload = '', mac = ''] = body.page.nextCursor.split('.');
    const edited = Buffer.from(JSON.stringify([99, 'f'.repeat(24)])).toString('base64url');
    for (const forged of [`${edited}.${mac}`, payload, `${payload}.`, `.${mac}`, `${payload}.${mac}.${mac}`]) {
      await app.request.get(`${path}?limit=1&cursor=${encodeURIComponent(forged)}`).expect(400);
    }
  });
});
