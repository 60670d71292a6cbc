import '../setup/without-rate-limits.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROLES, type Role } from '../../src/shared/actor.ts';
import { createCourier } from '../factories/courier.ts';
import { createOrderIn } from '../factories/order.ts';
import { createRestaurant } from '../factories/restaurant.ts';
import { buildAddress } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { allRoutes, call, named, plausiblePath, type KnownRoute } from '../support/route-calls.ts';
import { problemOfFailure, problemOfSuccess } from '../support/watch-answers.ts';

/** What is in the database and in no answer. */
const HIDDEN =
  /passwordHash|sessionVersion|refreshTokenHash|tokenHash|secretMac|"__v"|"_id"|\$2[aby]\$|intentId|bodyHash/;

let app: TestApp;
let logins: Record<Role, Login>;
let orderId: string;
beforeAll(async () => {
  app = await startTestApp();
  const entries = await Promise.all(
    ROLES.map(async (role) => [role, await logInAs({ roles: [role], addresses: [buildAddress()] })] as const),
  );
  logins = Object.fromEntries(entries) as Record<Role, Login>;
  const { _id: restaurantId } = await createRestaurant({ ownerId: logins.restaurant.userId });
  await createCourier({ _id: logins.courier.userId });
  const parties = { customerId: logins.customer.userId, ownerId: logins.restaurant.userId, restaurantId };
  orderId = (await createOrderIn('ready', parties))._id;
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

function routeOf(key: string): KnownRoute {
  const route = allRoutes.find((one) => one.key === key);
  if (route === undefined) throw new Error(`no route ${key}`);
  return route;
}

/** Paths of objects in a schema that would let other keys pass. */
function openObjects(node: unknown, path = ''): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, additionalProperties, properties } = node as Record<string, unknown>;
  const isOpen = type === 'object' && properties !== undefined && additionalProperties !== false;
  const inner = Object.entries(node).flatMap(([key, value]) => openObjects(value, `${path}/${key}`));
  return isOpen ? [path, ...inner] : inner;
}

/** A file that somebody asked for about themselves: sent as it was stored, not by a presenter. */
const FILES = ['get /exports/:exportId'];

const answers = allRoutes
  .filter(({ key }) => !FILES.includes(key))
  .flatMap((route) =>
    Object.entries(route.contract.responses).flatMap(([status, schema]) =>
      schema === null ? [] : [{ name: `${route.key} ${status}`, schema }],
    ),
  );

describe('case 17: the schema of an answer', () => {
  it.each(answers)('is closed at every depth: $name', ({ schema }) => {
    const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    expect(openObjects(described)).toEqual([]);
  });
});

describe('case 17: what the test app compares', () => {
  const { contract } = routeOf('get /me');
  const whole = contract.responses[200]?.meta()?.examples?.[0] as object;

  it('refuses an answer with one key too many, and one that is not promised', () => {
    expect(problemOfSuccess(contract, 200, { ...whole, passwordHash: 'x' })).toContain('passwordHash');
    expect(problemOfSuccess(contract, 201, whole)).toContain('promises no body');
  });

  it('refuses a failure of another shape, with foreign details, of another status or with the inside of the house', () => {
    const error = { status: 404, code: 'not_found', message: 'There is no such resource.', requestId: 'request-1' };
    expect(problemOfFailure(404, { error })).toBeNull();
    expect(problemOfFailure(404, { error: { ...error, stack: 'x' } })).toContain('stack');
    expect(problemOfFailure(404, { error: { ...error, details: { id: 1 } } })).toContain('details');
    expect(problemOfFailure(500, { error })).toContain('is not 500');
    expect(problemOfFailure(404, { error: { ...error, message: 'E11000 duplicate key' } })).toContain('inside');
    expect(problemOfFailure(404, { error }, routeOf('post /auth/login').contract)).toContain('does not promise');
  });
});

describe('case 17: every route that reads', () => {
  it.each(named(allRoutes.filter(({ method }) => method === 'get')))(
    '%s shows nobody what is hidden',
    async (_, route) => {
      const path = plausiblePath(route).replace(/\/orders\/0{24}/, `/orders/${orderId}`);
      for (const login of Object.values(logins)) {
        const { text } = await call(app, route, { login, path });
        expect(text).not.toMatch(HIDDEN);
      }
    },
  );
});
