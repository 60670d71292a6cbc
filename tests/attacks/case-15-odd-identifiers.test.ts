import '../setup/without-rate-limits.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { createRestaurant } from '../factories/restaurant.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { answerOf } from '../support/answer.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { inBatches, someOf } from '../support/attack.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { errorOf } from '../support/responses.ts';
import { allRoutes, call, exampleBody, named, pathWith, type KnownRoute } from '../support/route-calls.ts';

const INSIDE = /mongo|cast to|BSON|ObjectId|stack|TypeError/i;

/** What is no id: 400, wherever an id stands in a path or in a body. */
const ODD_IN_PATH = [
  ...['me', '1', '-1', '0', '0x10', '1e3', 'null', 'undefined', 'NaN', 'true', '__proto__', 'constructor', 'toString'],
  ...['hasOwnProperty', '[]', '[object%20Object]', '%7B%22$ne%22:1%7D', '%00', '%0a', `${'a'.repeat(24)}%0a`, '%2e%2e'],
  ...[
    'A'.repeat(24),
    'a'.repeat(23),
    'a'.repeat(25),
    'g'.repeat(24),
    'a'.repeat(10_000),
    "'%20or%201=1",
    '%F0%9F%92%A9',
  ],
  ...['%E2%80%AE', '..%2f..%2fmetrics', '%252e%252e', '*', '$where', 'a,b'],
];
const ODD_IN_BODY: unknown[] = [
  ...[7, 0, -1, 1.5, true, null, [], {}, [NaN], ['0'.repeat(24)], { $ne: '' }, { $oid: '0'.repeat(24) }],
  ...['', 'me', '__proto__', 'constructor', '\u0000', 'A'.repeat(24), 'x'.repeat(10_000)],
];

let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
  login = await logInAs({ roles: [...ROLES] });
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

function send(route: KnownRoute, path: string) {
  const request = call(app, route, { login, path });
  if (route.contract.bodyTypes?.includes('text/csv')) return request.set('Content-Type', 'text/csv').send('type,name');
  const body = exampleBody(route);
  return body === undefined ? request : request.send(body);
}

/** Routes whose parameter is a reference; others, such as a provider's name, have their own closed list. */
const withId = allRoutes.filter(({ path }) => /:\w*Id\b/.test(path));
const withParameter = allRoutes.filter(({ path }) => path.includes(':'));
const idsInBody = allRoutes
  .flatMap((route) =>
    Object.keys(exampleBody(route) ?? {})
      .filter((key) => key.endsWith('Id'))
      .map((key) => ({ route, key, name: `${key} of ${route.key}` })),
  )
  .map((one, index) => ({ ...one, index }));

describe('case 15: an odd identifier', () => {
  it.each(named(withParameter))('in the path of %s is refused, and touches nothing', async (_, route) => {
    const before = await hashDatabase();
    const answers = await Promise.all(
      someOf(ODD_IN_PATH, withParameter.indexOf(route)).map(async (id) => ({
        id: id.slice(0, 40),
        ...answerOf(await send(route, pathWith(route, id))),
      })),
    );
    // Twice 10 kB in one path is more than a head may have.
    expect(answers.filter(({ status }) => ![400, 404, 431].includes(status))).toEqual([]);
    expect(answers.filter(({ body }) => INSIDE.test(JSON.stringify(body)))).toEqual([]);
    expect(await hashDatabase()).toEqual(before);
  });

  it.each(idsInBody)('as $name is refused by its name', async ({ route, key, index }) => {
    const before = await hashDatabase();
    await Promise.all(
      someOf(ODD_IN_BODY, index).map(async (value) => {
        const res = await call(app, route, { login }).send({ ...exampleBody(route), [key]: value });
        expect([res.status, errorOf(res).code], JSON.stringify(value)).toEqual([400, 'validation_failed']);
        expect(res.text).not.toMatch(INSIDE);
      }),
    );
    expect(await hashDatabase()).toEqual(before);
  });
});

describe('case 15: an id of something else', () => {
  let restaurantId: string;
  let sessionId: string;
  beforeAll(async () => {
    ({ _id: restaurantId } = await createRestaurant());
    ({ sessionId } = await logInAs());
  });

  it.each(named(withId))('is not found by %s', async (_, route) => {
    const ids = [newId(), '0'.repeat(24), 'f'.repeat(24), sessionId];
    // A restaurant is found where restaurants are.
    if (!route.path.includes(':restaurantId')) ids.push(restaurantId);
    const before = await hashDatabase();
    await inBatches(ids, async (id) => {
      const { status, text } = await send(route, pathWith(route, id));
      expect([400, 404], `${id} ${text}`).toContain(status);
      // With a body that fits, it is the thing that is missing.
      if (!text.includes('validation_failed')) expect(status).toBe(404);
    });
    expect(await hashDatabase()).toEqual(before);
  });
});
