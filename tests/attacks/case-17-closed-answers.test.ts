import '../setup/without-rate-limits.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Response } from 'supertest';
import { z } from 'zod';
import { SecondFactorModel } from '../../src/modules/auth/second-factor/second-factor.model.ts';
import { CourierModel } from '../../src/modules/deliveries/courier.model.ts';
import { makeOrderDocuments } from '../../src/modules/reports/order-documents.service.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { now } from '../../src/shared/clock.ts';
import { toGeoJson } from '../../src/shared/geo.ts';
import { createDeliveryAtDropoff } from '../factories/delivery.ts';
import { createReview } from '../factories/review.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { inBatches } from '../support/attack.ts';
import { callInWorld, isAboutOne, makeCast, realCall, type Cast, type RealCall } from '../support/real-calls.ts';
import { allRoutes, call, named, type KnownRoute } from '../support/route-calls.ts';
import { makeWorld } from './ownership-rows/world.ts';
import { readPdf } from '../support/read-pdf.ts';
import { problemOfFailure, problemOfSuccess } from '../support/watch-answers.ts';

/** What is in the database and in no answer. */
const HIDDEN =
  /passwordHash|sessionVersion|refreshTokenHash|tokenHash|tokenMac|"mac"|secretMac|sealedSecret|recoveryMacs|"__v"|"_id"|\$2[aby]\$|intentId|bodyHash|hidden-canary/;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
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

/** Where the customer can be called, and where the courier is when nobody waits for them. */
const PHONE = '+919955507788';
const COURIER_AT = { lat: 12.987654, lng: 74.876543 };

/** What is hidden has something to hide. */
async function plantSecrets({ customer }: Cast): Promise<void> {
  await UserModel.updateOne({ _id: customer.userId }, { phone: PHONE, phoneVerifiedAt: now() });
  await SecondFactorModel.create({
    _id: customer.userId,
    sealedSecret: 'hidden-canary-secret',
    confirmedAt: now(),
    lastStep: 0,
    recoveryMacs: ['hidden-canary-code'],
    createdAt: now(),
  });
}

/** These lead a browser to the provider. */
const REDIRECTS = ['get /auth/oauth/:provider', 'get /auth/oauth/:provider/callback'];

const SHOWS = '%s shows what it has to who may see it, and nobody what is hidden';

async function expectNothingHidden(route: KnownRoute, { path, login }: RealCall, cast: Cast): Promise<void> {
  const res = await call(app, route, { login, path });
  expect(res.status, res.text).toBe(200);
  expect(await wordsOf(res)).not.toMatch(HIDDEN);
  const others = [...Object.values(cast).filter((one) => one !== login), undefined];
  await inBatches(others, async (reader) => {
    expect(await wordsOf(await call(app, route, { login: reader, path }))).not.toMatch(HIDDEN);
  });
}

/** Of a PDF, too. */
async function wordsOf({ body, text }: Response): Promise<string> {
  return Buffer.isBuffer(body) ? (await readPdf(body)).join(' ') : text;
}

const reads = allRoutes.filter(({ method, key }) => method === 'get' && !REDIRECTS.includes(key));

describe('case 17: every route that reads something by its id', () => {
  afterEach(emptyCollections);

  it.each(named(reads.filter(isAboutOne)))(SHOWS, async (_, route) => {
    const cast = await makeCast();
    const real = await realCall(route, cast);
    await plantSecrets(cast);
    await expectNothingHidden(route, real, cast);
  });
});

describe('case 17: every route that reads what is there, in one world', () => {
  let cast: Cast;
  beforeAll(async () => {
    cast = await makeCast();
    await makeWorld(cast, 0);
    await plantSecrets(cast);
  });
  afterAll(emptyCollections);

  it.each(named(reads.filter((route) => !isAboutOne(route))))(SHOWS, async (_, route) => {
    await expectNothingHidden(route, callInWorld(route, cast), cast);
  });
});

describe('case 17: every route that leads to a provider', () => {
  afterEach(emptyCollections);

  it.each(named(allRoutes.filter(({ key }) => REDIRECTS.includes(key))))(
    '%s shows nobody what is hidden',
    async (_, route) => {
      for (const login of Object.values(await makeCast())) {
        const { text } = await call(app, route, { login });
        expect(text).not.toMatch(HIDDEN);
      }
    },
  );
});

describe('case 17: of an order that was delivered', () => {
  afterEach(emptyCollections);

  it('nobody learns the customer’s phone, the codes, or where the courier is now', async () => {
    const cast = await makeCast();
    const { customer, owner, courier, office } = cast;
    const parties = { customerId: customer.userId, ownerId: owner.userId };
    const { delivery, step } = await createDeliveryAtDropoff(parties, { _id: courier.userId });
    await step({ type: 'delivered', pin: delivery.pin });
    const { orderId, restaurantId } = delivery;
    await createReview({ orderId, restaurantId, customerId: customer.userId });
    await makeOrderDocuments(orderId);
    await plantSecrets(cast);
    await CourierModel.updateOne({ _id: courier.userId }, { location: toGeoJson(COURIER_AT) });
    const ofOrders = allRoutes.filter(
      ({ method, path }) => method === 'get' && /^\/orders(\/:orderId(?!\/payment).*)?$/.test(path),
    );
    expect(ofOrders.length).toBeGreaterThan(3);
    for (const route of ofOrders) {
      const path = `/api/v1${route.path.replace(':orderId', delivery.orderId)}`;
      const answers = await Promise.all(
        [customer, owner, courier, office].map((login) => call(app, route, { login, path })),
      );
      expect(answers[0]?.status, `${route.key} ${answers[0]?.text ?? ''}`).toBe(200);
      for (const { text } of answers) {
        expect(text).not.toMatch(HIDDEN);
        // Without the country's prefix, too; a code is a text of its own.
        const { lat, lng } = COURIER_AT;
        for (const secret of [PHONE.slice(3), lat, lng, JSON.stringify(delivery.pin)]) {
          expect(text, route.key).not.toContain(String(secret));
        }
      }
    }
  });
});
