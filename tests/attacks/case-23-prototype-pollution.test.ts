import '../setup/without-rate-limits.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../src/shared/actor.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack, inBatches, inTurn, sendJson, targetOf, variantsOf, writeRoutes } from '../support/attack.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { errorOf } from '../support/responses.ts';
import { allRoutes, call, named } from '../support/route-calls.ts';

const EVERYWHERE = 'post /cart/items';

let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
  login = await logInAs({ roles: [...ROLES] });
});
/** The canary: nothing that anybody sent has become a property of everything. */
afterEach(() => {
  expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
  expect(([] as { isAdmin?: unknown }).isAdmin).toBeUndefined();
  expect((Object as { isAdmin?: unknown }).isAdmin).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

/** Parsed, so that `__proto__` is a key of its own and no prototype. */
const POLLUTIONS = [
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"prototype":{"isAdmin":true}}',
  '{"__proto__.isAdmin":true}',
  '{"constructor.prototype.isAdmin":true}',
  '{"__proto__[isAdmin]":true}',
].map((text) => JSON.parse(text) as Record<string, unknown>);

const DEEP = '{"__proto__":{"__proto__":{"isAdmin":true}},"a":[[{"constructor":{"prototype":{"isAdmin":true}}}]]}';

describe('case 23: a prototype from outside', () => {
  it.each(named(writeRoutes))('in any place of the body of %s is 400 and changes no object', async (_, route) => {
    const target = await targetOf(route, login);
    const hostile = [...POLLUTIONS, JSON.parse(DEEP) as Record<string, unknown>];
    // Each in the root and each place with one of them, in turn; on one route each in each place.
    const bodies =
      route.key === EVERYWHERE
        ? hostile.flatMap((one) => variantsOf(target.body, one))
        : [
            ...hostile.map((one, at) => ({ where: `root ${String(at)}`, body: { ...target.body, ...one } })),
            ...inTurn(target.body, hostile),
          ];
    await attack(app, () =>
      inBatches(bodies, async ({ where, body }) => {
        const res = await sendJson(app, route, { ...target, body });
        expect([res.status, errorOf(res).code], `${where}: ${res.text}`).toEqual([400, 'validation_failed']);
        return res;
      }),
    );
  });

  it.each([
    '__proto__=true',
    '__proto__[isAdmin]=true',
    '__proto__.isAdmin=true',
    'constructor[prototype][isAdmin]=true',
    'q[__proto__][isAdmin]=true',
    'q=a&__proto__=b',
  ])('in a query, as %s, is 400', async (query) => {
    const [res] = await attack(app, async () => [await app.request.get(`/api/v1/restaurants?${query}`)]);
    expect([res?.status, res && errorOf(res).code]).toEqual([400, 'validation_failed']);
  });

  it.each(named(allRoutes.filter(({ contract }) => contract.bodyTypes !== undefined)))(
    'in the names of the parts of %s changes no object',
    async (_, route) => {
      const { path, login: sender } = await targetOf(route, login);
      const names = [
        '__proto__',
        '__proto__[isAdmin]',
        'constructor[prototype][isAdmin]',
        '__proto__.isAdmin',
        'toString',
      ];
      await attack(app, async () => {
        const answers = [];
        for (const name of names) {
          const fields = await call(app, route, { path, login: sender })
            .field(name, 'true')
            .field(`a[${name}]`, 'true');
          const file = await call(app, route, { path, login: sender }).attach(name, Buffer.from('x'), {
            filename: '__proto__',
            contentType: 'image/png',
          });
          expect([400, 413, 415, 422], fields.text).toContain(fields.status);
          expect([400, 413, 415, 422], file.text).toContain(file.status);
          answers.push(fields, file);
        }
        return answers;
      });
    },
  );

  it('in a header or a cookie changes no object', async () => {
    await attack(app, async () => [
      await app.request
        .get('/api/v1/restaurants')
        .set('__proto__', 'true')
        .set('Cookie', '__proto__=j:{"isAdmin":true}'),
      await app.request
        .post('/api/v1/auth/refresh')
        .set('Cookie', '__proto__=j:{"isAdmin":true}; constructor=j:{"prototype":{"isAdmin":true}}')
        .set('X-CSRF', '1')
        .send({}),
    ]);
  });
});
