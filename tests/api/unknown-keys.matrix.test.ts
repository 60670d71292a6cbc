import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteContract } from '../../src/http/index.ts';
import { moduleRouters } from '../../src/routes.ts';
import { ROLES } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';

let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
  login = await logInAs({ roles: [...ROLES] });
});
afterAll(() => app.stop());

const contracts = moduleRouters.flatMap((module) => module.contracts);
const withBody = contracts.filter(({ request }) => request.body !== undefined);
const withQuery = contracts.filter(({ method, request }) => method === 'get' && request.query !== undefined);

/** What nobody may set from outside; nested, dotted and as an operator. */
const SMUGGLED: [string, unknown][] = [
  ['role', 'admin'],
  ['roles', ['admin']],
  ['status', 'delivered'],
  ['totals', { total: 0 }],
  ['totalMinor', 0],
  ['courierId', '0'.repeat(24)],
  ['restaurantOwnerId', '0'.repeat(24)],
  ['customerId', '0'.repeat(24)],
  ['_id', '0'.repeat(24)],
  ['__v', 7],
  ['createdAt', '2026-01-01T00:00:00.000Z'],
  ['isVerified', true],
  ['profile.role', 'admin'],
  ['$set', { roles: ['admin'] }],
  ['$where', 'sleep(1000)'],
  ['constructor', { prototype: { isAdmin: true } }],
];

function pathOf({ path }: RouteContract): string {
  return `/api/v1${path.replaceAll(/\{\w+\}/g, '0'.repeat(24))}`;
}

function send(route: RouteContract, query = '') {
  return app.request[route.method](pathOf(route) + query).set({ ...login.headers, 'Idempotency-Key': newId() });
}

function named(routes: RouteContract[]): [string, RouteContract][] {
  return routes.map((route) => [`${route.method} ${route.path}`, route]);
}

describe('keys that a body does not have', () => {
  it.each(named(withBody))('%s refuses each, by its name, and writes nothing', async (_, route) => {
    const example = route.request.body?.meta()?.examples?.[0] as object;
    const before = await hashDatabase();
    await resetRateLimits();
    for (const [key, value] of SMUGGLED) {
      const res = await send(route).send({ ...example, [key]: value });
      expect([res.status, errorOf(res).code], `${key}: ${res.text}`).toEqual([400, 'validation_failed']);
      expect(errorOf(res).details, key).toContainEqual(expect.objectContaining({ path: key, code: 'unknown_key' }));
    }
    expect(await hashDatabase()).toEqual(before);
  });

  it.each(named(withBody))('%s refuses __proto__, and nobody becomes an admin', async (_, route) => {
    const example = route.request.body?.meta()?.examples?.[0] as object;
    const text = JSON.stringify(example).replace(/\}$/, ',"__proto__":{"isAdmin":true}}');
    const res = await send(route).set('Content-Type', 'application/json').send(text);
    expect(res.status).toBe(400);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it.each(named(withBody))('%s takes nothing but an object', async (_, route) => {
    for (const body of ['[]', '"text"', 'null', '7', '{', '[{}]']) {
      const res = await send(route).set('Content-Type', 'application/json').send(body);
      expect(res.status, body).toBe(400);
    }
  });
});

describe('keys that a query does not have', () => {
  it.each(named(withQuery))('%s refuses each', async (_, route) => {
    const keys = ['fields', 'sort', 'include', 'passwordHash', 'filter[ownerId]', '$where', '__proto__', 'constructor'];
    for (const key of keys) {
      // As text: a client library would drop some of them.
      const res = await send(route, `?${key}=passwordHash`);
      expect(res.status, key).toBe(400);
    }
  });
});
