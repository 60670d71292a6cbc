import '../setup/without-rate-limits.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { makeCast, realCall } from '../support/real-calls.ts';
import { allRoutes, call, named } from '../support/route-calls.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const personal = allRoutes.filter(({ method, auth }) => method === 'get' && auth !== 'public');

const KEPT_NOWHERE = {
  'cache-control': 'no-store',
  'content-type': 'application/json; charset=utf-8',
  'x-content-type-options': 'nosniff',
};

describe('case 53: every route that reads what is personal', () => {
  it('is asked, each of them', () => {
    expect(personal.length).toBeGreaterThan(20);
  });

  it.each(named(personal))('%s is kept in no cache, and says its type and charset', async (_, route) => {
    const { path, login } = await realCall(route, await makeCast());
    const whole = await call(app, route, { login, path });
    expect(whole.status, whole.text).toBe(200);
    expect(whole.headers).toMatchObject(KEPT_NOWHERE);
    // Also without its body, and without a login.
    const head = await call(app, route, { login, path, method: 'head' });
    expect([head.status, head.headers['cache-control']]).toEqual([200, 'no-store']);
    const refused = await call(app, route, { path });
    expect(refused.status).toBe(401);
    expect(refused.headers).toMatchObject(KEPT_NOWHERE);
  });

  it('the file of an export, whose link is the key, is kept in no cache', async () => {
    const route = allRoutes.find(({ key }) => key === 'get /exports/:exportId');
    if (route === undefined) throw new Error('no such route');
    const { path } = await realCall(route, await makeCast());
    const res = await call(app, route, { path });
    expect(res.status).toBe(200);
    expect(res.headers).toMatchObject(KEPT_NOWHERE);
  });
});
