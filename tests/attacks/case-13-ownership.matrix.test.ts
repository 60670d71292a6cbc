import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { routeTable, type RouteEntry } from '../../scripts/architecture/route-table.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { moduleRouters, rawBodyModules } from '../../src/routes.ts';
import { newId } from '../../src/shared/ids.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { inBatches, someOf } from '../support/attack.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { employStaff, expectedStatus, loginOf, logInEverybody, partiesOf, PRINCIPALS } from '../support/principals.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';
import { FIRST_VERSION } from '../support/route-calls.ts';
import { OWN_ROUTES, ROWS } from './ownership-rows.ts';
import { makeWorld } from './ownership-rows/world.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await resetRateLimits();
});
afterAll(() => app.stop());

const routes = routeTable([...rawBodyModules, ...moduleRouters]);
/** The names of providers are public: without somebody signed in there is nothing to own behind one. */
const withId = routes.filter(
  ({ path, auth }) => /:(?!provider\b)/.test(path) || (path.includes(':') && auth !== 'public'),
);
const ownReads = routes.filter(
  // What the office sees belongs to nobody; who may not see it is case 19.
  ({ path, method, auth }) => method === 'get' && !/:|^\/admin\//.test(path) && auth !== 'public',
);

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head';

const CODES: Record<number, string> = { 401: 'unauthenticated', 403: 'forbidden', 404: 'not_found' };

interface Attempt {
  path: string;
  login?: Login | undefined;
  body?: object | undefined;
  method?: Method;
  version?: string;
}

function send(
  route: RouteEntry,
  { path, login, body, method = route.method as Method, version = FIRST_VERSION }: Attempt,
) {
  const request = app.request[method](path).set({ 'Idempotency-Key': newId(), 'If-Match': version, ...login?.headers });
  return body === undefined ? request : request.send(body);
}

function fill(path: string, params: Record<string, string>): string {
  return `/api/v1${path.replaceAll(/:(\w+)/g, (_, name: string) => params[name] ?? '')}`;
}

function keyOf({ method, path }: RouteEntry): string {
  return `${method} ${path}`;
}

describe('case 13: the ownership matrix', () => {
  it('has a row for every route with an id, and for nothing else', () => {
    expect(Object.keys(ROWS).toSorted()).toEqual(withId.map(keyOf).toSorted());
  });

  it('knows every route that shows what is one’s own', () => {
    expect([...OWN_ROUTES].toSorted()).toEqual(ownReads.map(keyOf).toSorted());
  });
});

describe.each(withId.map((route) => [keyOf(route), route] as const))('case 13: %s', (key, route) => {
  const row: (typeof ROWS)[string] = ROWS[key] ?? { entitled: [], make: () => Promise.resolve({ params: {} }) };
  const cells = Object.entries(PRINCIPALS).map(([name, principal]) => {
    return { name, status: expectedStatus(route.auth, row.entitled, principal) };
  });
  const refused = cells.filter(({ status }) => status !== null);
  const entitled = cells.filter(({ status }) => status === null).map(({ name }) => name);

  let logins: Map<string, Login>;
  let path: string;
  /** Before the database is looked at: what the body names may have to be made. */
  let bodyFor: (sender: Login | undefined) => Promise<object | undefined>;
  beforeAll(async () => {
    await resetRateLimits();
    logins = await logInEverybody();
    await prepare();
    await employStaff(logins);
  });
  afterAll(emptyCollections);

  async function prepare(): Promise<void> {
    const resource = await row.make(partiesOf(logins));
    path =
      fill(route.path, resource.params) + (resource.query ? `?${new URLSearchParams(resource.query).toString()}` : '');
    const { body, bodyOf } = resource;
    bodyFor = (sender) => (sender === undefined || bodyOf === undefined ? Promise.resolve(body) : bodyOf(sender));
  }

  it('is refused to each of the others, and nothing is written', async () => {
    const attempts = [];
    for (const { name, status } of refused) {
      const login = logins.get(name);
      attempts.push({ name, status, login, body: await bodyFor(login) });
    }
    const before = await hashDatabase();
    const answers = await inBatches(attempts, async ({ name, login, body }) => {
      const res = await send(route, { path, login, body });
      return { name, status: res.status, code: errorOf(res).code };
    });
    expect(answers).toEqual(refused.map(({ name, status }) => ({ name, status, code: CODES[status ?? 0] })));
    expect(await hashDatabase()).toEqual(before);
  });

  it('is refused in other spellings too', async () => {
    const stranger = 'a stranger of every trade';
    const refusal = refused.find(({ name }) => name === stranger)?.status;
    if (refusal == null) return;
    const login = loginOf(logins, stranger);
    const body = await bodyFor(login);
    const before = await hashDatabase();
    const spellings = [`${path}/`, path.toUpperCase(), path.replace('/v1/', '/v1//'), path.replace('/v1', '')];
    await inBatches(spellings, async (spelling) => {
      const res = await send(route, { path: spelling, login, body });
      expect([400, 404, refusal], spelling).toContain(res.status);
    });
    if (route.method === 'get') expect((await send(route, { path, login, method: 'head' })).status).toBe(refusal);
    const overridden = await send(route, { path, login, body, method: 'post' })
      .set('X-HTTP-Method-Override', route.method.toUpperCase())
      .query({ _method: route.method });
    expect([400, 404, 405, refusal]).toContain(overridden.status);
    expect(await hashDatabase()).toEqual(before);
  });

  it('answers odd ids with 400, and ids of nothing with 404', async () => {
    const login = logins.get(entitled.find((name) => name !== 'anonymous') ?? 'the customer');
    const body = await bodyFor(login);
    const before = await hashDatabase();
    const odd = ['me', '1', '-1', '0x10', '__proto__', 'constructor', 'toString', '%00', 'null', '[object%20Object]'];
    // Ten thousand in all: a longer address is refused before anybody reads it.
    odd.push(
      'a'.repeat(10_000 / route.path.split(':').slice(1).length),
      'A'.repeat(24),
      `${'a'.repeat(24)}%0a`,
      '%7B%22$ne%22:1%7D',
      "'%20or%201=1",
    );
    // One schema refuses them; case 15 has them all.
    await inBatches(someOf(odd, withId.indexOf(route)), async (id) => {
      const res = await send(route, { path: withIds(id), login, body });
      expect(res.status, id).toBe(400);
    });
    const { owner } = partiesOf(logins);
    const missing = [newId(), '0'.repeat(24), owner.sessionId, ...(row.isUser === true ? [] : [owner.userId])];
    await inBatches(missing, async (id) => {
      const res = await send(route, { path: withIds(id), login, body });
      expect(res.status, id).toBe(row.isName === true ? 400 : 404);
    });
    expect(await hashDatabase()).toEqual(before);
  });

  it('lets those whose it is', async () => {
    await resetRateLimits();
    for (const [edits, name] of entitled.entries()) {
      const login = logins.get(name);
      if (row.isOnce === true) await prepare();
      if (row.isOnce === true) await employStaff(logins);
      // Those before have edited it already.
      const version = row.isOnce === true ? FIRST_VERSION : `"${String(edits)}"`;
      const res = await send(route, { path, login, body: await bodyFor(login), version });
      expect(res.status, `${name}: ${res.text}`).toBeLessThan(300);
    }
    expect(entitled.length).toBeGreaterThan(0);
  });

  function withIds(id: string): string {
    return `/api/v1${route.path.replaceAll(/:\w+/g, id)}`;
  }
});

describe('case 13: what is one’s own, read without an id', () => {
  afterEach(emptyCollections);

  async function settle(metersAway: number) {
    const scout = await logInAs({ roles: ['courier'] });
    const logins = await logInEverybody();
    const parties = { ...partiesOf(logins), scout };
    return { parties, ids: await makeWorld(parties, metersAway), strangers: logins };
  }

  it('holds no row of anybody else', async () => {
    const [here, elsewhere] = [await settle(0), await settle(100_000)];
    const { customer, owner, courier, scout } = here.parties;
    const restaurant = await RestaurantModel.findOne({ ownerId: owner.userId }, { _id: 1 }).sort({ _id: 1 }).lean();
    const board = routes.filter((route) => /^get .restaurants.:restaurantId.(orders|staff)$/.test(keyOf(route)));
    for (const route of [...ownReads, ...board]) {
      const path = fill(route.path, { restaurantId: restaurant?._id ?? '' });
      const answers = await Promise.all([customer, owner, courier, scout].map((login) => send(route, { path, login })));
      const texts = answers.filter(({ status }) => status === 200).map(({ text }) => text);
      expect(
        elsewhere.ids.filter((id) => texts.some((text) => text.includes(id))),
        route.path,
      ).toEqual([]);
      // Not because there is nothing to see; preferences name nobody.
      if (keyOf(route) === 'get /me/preferences') continue;
      expect(
        texts.some((text) => here.ids.some((id) => text.includes(id))),
        route.path,
      ).toBe(true);
    }
  });

  it('is empty for a newcomer of every trade, and closed without a token', async () => {
    const { strangers, ids } = await settle(0);
    const login = loginOf(strangers, 'a stranger of every trade');
    for (const route of ownReads) {
      const path = fill(route.path, {});
      const { text } = await send(route, { path, login });
      expect(
        ids.filter((id) => text.includes(id)),
        route.path,
      ).toEqual([]);
      expect((await send(route, { path })).status).toBe(401);
    }
  });

  it.each(['support', 'an admin'])('all orders are there for %s', async (name) => {
    const [here, elsewhere] = [await settle(0), await settle(100_000)];
    const res = await app.request.get('/api/v1/orders').set(loginOf(here.strangers, name).headers).expect(200);
    const { data } = res.body as { data: { customerId: string }[] };
    const customers = [here, elsewhere].map(({ parties }) => parties.customer.userId);
    expect(new Set(data.map(({ customerId }) => customerId))).toEqual(new Set(customers));
  });
});
