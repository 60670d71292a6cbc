import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { recordCommands } from '../../support/command-log.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';

const CANARY = 'canary7f3k';

let app: TestApp;
let login: Login;
let commands: ReturnType<typeof recordCommands>;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  await resetRateLimits();
  login = await logInAs();
  commands = recordCommands();
});
afterEach(async () => {
  commands.stop();
  await emptyCollections();
});
afterAll(() => app.stop());

const json = (path: string, body: string) =>
  app.request.post(path).set(login.headers).set('content-type', 'application/json').send(body);

const OPERATORS = ['$ne', '$gt', '$regex', '$in', '$or', '$where', '$expr', '$function', '$set'];
const BSON_TYPES = ['_bsontype', '$oid', '$code', '$date', '$binary'];

describe.each([...OPERATORS, ...BSON_TYPES])('%s from outside', (operator) => {
  const hostile = `{"${operator}":"${CANARY}"}`;

  it.each([
    ['in the root of a body', () => json('/api/v1/auth/login', hostile)],
    ['instead of a value', () => json('/api/v1/auth/login', `{"email":${hostile},"password":${hostile}}`)],
    ['in a nested field', () => json('/api/v1/quotes', `{"address":{"label":${hostile}},"tipMinor":0}`)],
    ['in an array', () => json('/api/v1/cart/items', `{"itemId":"${newId()}","optionIds":[${hostile}]}`)],
    ['in a query', () => app.request.get(`/api/v1/restaurants?q[${operator}]=${CANARY}`)],
    ['in a query key of its own', () => app.request.get(`/api/v1/restaurants?${operator}=${CANARY}`)],
    ['in a path', () => app.request.get(`/api/v1/restaurants/${encodeURIComponent(hostile)}`)],
    [
      'as a cursor',
      () => app.request.get('/api/v1/restaurants').query({ cursor: Buffer.from(hostile).toString('base64url') }),
    ],
  ])('%s is 400 and never reaches MongoDB', async (_, send) => {
    const { status, text } = await send();
    expect(status).toBe(400);
    expect(text).not.toMatch(/mongo|cast to|stack/i);
    expect(commands.text()).not.toContain(CANARY);
  });
});

describe('a prototype from outside', () => {
  it.each([
    ['__proto__', '{"__proto__":{"isAdmin":true},"email":"a@b.example","password":"long enough","name":"A"}'],
    [
      'constructor',
      '{"constructor":{"prototype":{"isAdmin":true}},"email":"a@b.example","password":"long enough","name":"A"}',
    ],
    ['a dotted path', '{"__proto__.isAdmin":true,"email":"a@b.example","password":"long enough","name":"A"}'],
  ])('as %s is 400 and changes no object', async (_, body) => {
    expect((await json('/api/v1/auth/signup', body)).status).toBe(400);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(await UserModel.countDocuments({ email: 'a@b.example' })).toBe(0);
  });

  it.each([
    ['in a nested object', () => json('/api/v1/quotes', '{"address":{"__proto__":{"isAdmin":true}}}')],
    [
      'in an array',
      () => json('/api/v1/cart/items', `{"itemId":"${newId()}","optionIds":[{"__proto__":{"isAdmin":true}}]}`),
    ],
    ['in a query', () => app.request.get('/api/v1/restaurants?__proto__[isAdmin]=true')],
    ['in a query of its own', () => app.request.get('/api/v1/restaurants?__proto__=true')],
    ['in a path', () => app.request.get('/api/v1/restaurants/__proto__')],
  ])('%s is 400 and changes no object', async (_, send) => {
    expect((await send()).status).toBe(400);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });
});

describe('a query', () => {
  it.each([
    'limit=1e9',
    'limit=-1',
    'limit=0',
    'limit=10&limit=1000',
    'limit[]=5',
    'cursor=x.y',
    `q=${'a'.repeat(5_000)}`,
  ])('of %s is 400', async (query) => {
    expect((await app.request.get(`/api/v1/restaurants?${query}`)).status).toBe(400);
  });

  it('with brackets has a strange name, and no object for a value', async () => {
    const res = await app.request.get('/api/v1/restaurants?q[$ne]=x');
    expect(errorOf(res).details).toMatchObject([{ path: 'query.q[$ne]', code: 'unknown_key' }]);
  });

  it('of 3,000 repeats is 400, at once', async () => {
    const startedAt = performance.now();
    const query = Array.from({ length: 3_000 }, () => 'q=a').join('&');
    expect((await app.request.get(`/api/v1/restaurants?${query}`)).status).toBe(400);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
