import '../setup/without-rate-limits.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../src/shared/actor.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { inBatches } from '../support/attack.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { makeCast, realCall, type RealCall } from '../support/real-calls.ts';
import { errorOf } from '../support/responses.ts';
import { allRoutes, call, exampleBody, named, plausiblePath, type KnownRoute } from '../support/route-calls.ts';
import { ROWS } from './ownership-rows.ts';

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

/** Of JSON: files, and what comes beside them, are cases 41 and 42. */
const withBody = allRoutes.filter(
  ({ contract }) => contract.request.body !== undefined && contract.bodyTypes === undefined,
);

const bodiless = allRoutes.filter(({ method, contract }) => {
  return method !== 'get' && contract.request.body === undefined && contract.bodyTypes === undefined;
});

/** What nobody may set from outside; nested, dotted and as an operator. */
const SMUGGLED: [string, unknown][] = [
  ['role', 'admin'],
  ['isVerified', true],
  ['isAdmin', true],
  ['status', 'active'],
  ['balanceMinor', 1_000_000],
  ['totals', { total: 0 }],
  ['totalMinor', 0],
  ['priceMinor', 0],
  ['deliveryFeeMinor', 0],
  ['courierId', '0'.repeat(24)],
  ['ownerId', '0'.repeat(24)],
  ['customerId', '0'.repeat(24)],
  ['userId', '0'.repeat(24)],
  ['_id', '0'.repeat(24)],
  ['__v', 7],
  ['createdAt', '2026-01-01T00:00:00.000Z'],
  ['emailVerifiedAt', '2026-01-01T00:00:00.000Z'],
  ['phoneVerifiedAt', '2026-01-01T00:00:00.000Z'],
  ['passwordHash', 'x'],
  ['sessionVersion', 0],
  ['hasSecondFactor', false],
  ['profile.role', 'admin'],
  ['roles.0', 'admin'],
  ['$set', { roles: ['admin'] }],
  ['$unset', { passwordHash: 1 }],
  ['$rename', { name: 'role' }],
  ['$where', 'sleep(1000)'],
  ['constructor', { prototype: { isAdmin: true } }],
];

/** Every object inside the body, by its path, with a smuggled key in it. */
function nestedVariants(body: Record<string, unknown>): { path: string; body: object }[] {
  return Object.entries(body).flatMap(([key, value]) => {
    if (Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null) {
      const [first, ...others] = value as unknown[];
      const spoiled = [{ ...(first as object), isAdmin: true }, ...others];
      return [{ path: `${key}.0.isAdmin`, body: { ...body, [key]: spoiled } }];
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    const inner = value as Record<string, unknown>;
    const here = { path: `${key}.isAdmin`, body: { ...body, [key]: { ...inner, isAdmin: true } } };
    const deeper = nestedVariants(inner).map((one) => ({
      path: `${key}.${one.path}`,
      body: { ...body, [key]: one.body },
    }));
    return [here, ...deeper];
  });
}

/** Keys that the route itself knows are no smuggling. */
function strangersTo(route: KnownRoute): [string, unknown][] {
  const shape = JSON.stringify(route.contract.request.body?.meta()?.examples ?? []);
  const known = Object.keys((route.contract.request.body as { shape?: object }).shape ?? {});
  return SMUGGLED.filter(([key]) => !known.includes(key) && !shape.includes(`"${key}":`));
}

const AT_ONCE = 15;

type Target = Pick<RealCall, 'login' | 'path'> & { body: Record<string, unknown> };

/** Something of one's own where the path names it, with a body that its owner would get a 2xx for. */
async function targetOf(route: KnownRoute): Promise<Target> {
  const example = exampleBody(route) ?? {};
  if (!(route.key in ROWS)) return { login, path: plausiblePath(route), body: example };
  const real = await realCall(route, await makeCast());
  return { ...real, body: (real.body as Record<string, unknown> | undefined) ?? example };
}

async function expectRefused(
  route: KnownRoute,
  { login: sender, path: to, body }: Pick<RealCall, 'login' | 'path' | 'body'>,
  paths: readonly string[],
): Promise<void> {
  const res = await call(app, route, { login: sender, path: to }).send(body);
  expect([res.status, errorOf(res).code], `${paths.join()}: ${res.text}`).toEqual([400, 'validation_failed']);
  const expected = paths.map((path): unknown => expect.objectContaining({ path, code: 'unknown_key' }));
  expect(errorOf(res).details).toEqual(expect.arrayContaining(expected));
}

describe('case 16: a write route', () => {
  it('is attacked, each of them', () => {
    expect(withBody.length).toBeGreaterThan(15);
    const unknown = withBody.filter((route) => exampleBody(route) === undefined);
    expect(unknown.map(({ key }) => key)).toEqual([]);
  });

  it.each(named(withBody))(
    '%s takes no key that is not its own, at any depth, and changes nothing',
    async (_, route) => {
      const target = await targetOf(route);
      const before = await hashDatabase();
      const strangers = strangersTo(route);
      // As many at once as an answer names.
      for (let start = 0; start < strangers.length; start += AT_ONCE) {
        const some = strangers.slice(start, start + AT_ONCE);
        await expectRefused(
          route,
          { ...target, body: { ...target.body, ...Object.fromEntries(some) } },
          some.map(([key]) => key),
        );
      }
      await inBatches(nestedVariants(target.body), ({ path, body }) =>
        expectRefused(route, { ...target, body }, [path]),
      );
      expect(await hashDatabase()).toEqual(before);
      // It was the keys that were refused: without them the same call does its work.
      if (!(route.key in ROWS)) return;
      const { login: sender, path, body } = target;
      const res = await call(app, route, { login: sender, path }).send(body);
      expect(res.status, res.text).toBeLessThan(300);
    },
  );

  it.each(named(withBody))('%s takes nothing but an object, and no prototype', async (_, route) => {
    const before = await hashDatabase();
    const proto = JSON.stringify(exampleBody(route) ?? {})
      .replace(/\}$/, ',"__proto__":{"isAdmin":true}}')
      .replace('{,', '{');
    await inBatches([proto, '[]', '"text"', 'null', '7', '{', '[{}]'], async (body) => {
      const res = await call(app, route, { login }).set('Content-Type', 'application/json').send(body);
      expect(res.status, body).toBe(400);
    });
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(await hashDatabase()).toEqual(before);
  });

  it.each(named(bodiless))('%s, which reads no body, does not begin to', async (_, route) => {
    const user = await logInAs({ roles: ['customer'] });
    const standing = async () => {
      const row = await UserModel.findById(user.userId).lean();
      return [row?.roles, row?.email, row?.hasSecondFactor, row?.passwordHash];
    };
    const before = await standing();
    const res = await call(app, route, { login: user }).send({ roles: ['admin'], $set: { roles: ['admin'] } });
    // 503: nobody plays the payment provider here.
    expect([200, 202, 204, 400, 401, 403, 404, 409, 422, 503], res.text).toContain(res.status);
    expect(res.text).not.toContain('"admin"');
    expect(await standing()).toEqual(before);
  });
});
