import '../setup/without-rate-limits.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { callInWorld, isAboutOne, makeCast, realCall, type Cast, type RealCall } from '../support/real-calls.ts';
import { allRoutes, call, named, type KnownRoute } from '../support/route-calls.ts';
import { makeWorld } from './ownership-rows/world.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const personal = allRoutes.filter(({ method, auth }) => method === 'get' && auth !== 'public');

const SAVED_NOWHERE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
const KEPT_NOWHERE = { ...SAVED_NOWHERE, 'content-type': 'application/json; charset=utf-8' };

const KEPT = '%s is kept in no cache, and says its type and charset';

async function expectKeptNowhere(route: KnownRoute, { path, login }: RealCall): Promise<void> {
  const whole = await call(app, route, { login, path });
  expect(whole.status, whole.text).toBe(200);
  expect(whole.headers).toMatchObject(KEPT_NOWHERE);
  // Also without its body, and without a login.
  const head = await call(app, route, { login, path, method: 'head' });
  expect([head.status, head.headers['cache-control']]).toEqual([200, 'no-store']);
  const refused = await call(app, route, { path });
  expect(refused.status).toBe(401);
  expect(refused.headers).toMatchObject(KEPT_NOWHERE);
}

describe('case 53: every route that reads something personal by its id', () => {
  afterEach(emptyCollections);

  it('is asked, each of them', () => {
    expect(personal.length).toBeGreaterThan(20);
  });

  it.each(named(personal.filter(isAboutOne)))(KEPT, async (_, route) => {
    await expectKeptNowhere(route, await realCall(route, await makeCast()));
  });

  it.each([
    ['get /exports/:exportId', 'application/json; charset=utf-8'],
    ['get /payouts/:payoutId/statement', 'text/csv; charset=utf-8'],
    ['get /documents/:documentId', 'text/csv; charset=utf-8'],
    ['get /receipts/:orderId', 'application/pdf'],
  ])('the file behind %s, whose link is the key, is kept in no cache, also not refused', async (key, type) => {
    const route = allRoutes.find((one) => one.key === key);
    if (route === undefined) throw new Error('no such route');
    const { path } = await realCall(route, await makeCast());
    const file = { ...SAVED_NOWHERE, 'content-type': type };
    for (const method of ['get', 'head'] as const) {
      const res = await call(app, route, { path, method });
      expect(res.status).toBe(200);
      expect(res.headers).toMatchObject(file);
    }
    const refused = await call(app, route, { path: path.replace(/signature=\w{4}/, 'signature=0000') });
    expect(refused.status).toBe(404);
    expect(refused.headers).toMatchObject(KEPT_NOWHERE);
  });
});

describe('case 53: every route that reads what is one’s own, in one world', () => {
  let cast: Cast;
  beforeAll(async () => {
    cast = await makeCast();
    await makeWorld(cast, 0);
  });
  afterAll(emptyCollections);

  it.each(named(personal.filter((route) => !isAboutOne(route))))(KEPT, async (_, route) => {
    await expectKeptNowhere(route, callInWorld(route, cast));
  });
});
