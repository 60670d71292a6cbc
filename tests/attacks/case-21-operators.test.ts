import '../setup/without-rate-limits.ts';
import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../src/config/index.ts';
import '../../src/worker-jobs.ts';
import { definedQueues } from '../../src/infra/queue/define-queue.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { ROLES } from '../../src/shared/actor.ts';
import { nowMs } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';
import { sealCursor } from '../../src/shared/pagination.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack, inBatches, sendJson, targetOf, inTurn, variantsOf, writeRoutes } from '../support/attack.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { operatorsWith, profiledOperations, startProfiler, stopProfiler } from '../support/profiler.ts';
import { errorOf } from '../support/responses.ts';
import { allRoutes, named, NO_ID } from '../support/route-calls.ts';
import { admitted, resume } from '../support/sockets.ts';

const OPERATORS = ['$ne', '$gt', '$regex', '$in', '$or', '$where', '$expr', '$function', '$set'];
/** Whatever operator mongod sees with this value, it was ours to keep from it. */
const CANARY = 'canary7f3k';

let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
  login = await logInAs({ roles: [...ROLES] });
  await startProfiler();
});
afterAll(async () => {
  await stopProfiler();
  await emptyCollections();
  await app.stop();
});

const hostile = (operator: string) => ({ [operator]: CANARY });

/** Here each operator stands in each place: numbers, ids, texts, lists, and objects in lists. */
const EVERYWHERE = 'post /cart/items';

describe('case 21: an operator', () => {
  it.each(named(writeRoutes))('in any place of the body of %s is 400 and does nothing', async (_, route) => {
    const target = await targetOf(route, login);
    // All of them in the root; in the other places one each, in turn, since each place is refused by its own schema whatever the name.
    const bodies = [
      ...OPERATORS.map((operator) => ({ where: operator, body: { ...target.body, ...hostile(operator) } })),
      ...(route.key === EVERYWHERE
        ? OPERATORS.flatMap((operator) => variantsOf(target.body, hostile(operator)))
        : inTurn(target.body, OPERATORS.map(hostile))),
      { where: 'alone', body: hostile('$ne') },
    ];
    await attack(app, () =>
      inBatches(bodies, async ({ where, body }) => {
        const res = await sendJson(app, route, { ...target, body });
        expect([res.status, errorOf(res).code], `${where}: ${res.text}`).toEqual([400, 'validation_failed']);
        return res;
      }),
    );
  });

  it.each(OPERATORS)('%s in a query is 400: brackets make a strange name, and no object', async (operator) => {
    const [name, own] = await attack(app, async () => [
      await app.request.get(`/api/v1/restaurants?q[${operator}]=${CANARY}`),
      await app.request.get(`/api/v1/restaurants?${operator}=${CANARY}`),
    ]);
    if (name === undefined || own === undefined) throw new Error('no answer');
    // Of a parser that makes objects, the path would be `query.q`.
    expect(errorOf(name).details).toMatchObject([{ path: `query.q[${operator}]`, code: 'unknown_key' }]);
    expect(errorOf(own).details).toMatchObject([{ path: `query.${operator}`, code: 'unknown_key' }]);
  });

  it.each(named(allRoutes.filter(({ path }) => path.includes(':'))))('in the path of %s is 400', async (_, route) => {
    const path = `/api/v1${route.path.replaceAll(/:\w+/g, encodeURIComponent(JSON.stringify(hostile('$ne'))))}`;
    const [res] = await attack(app, async () => [
      await app.request[route.method](path).set(login.headers).set('Idempotency-Key', newId()).set('If-Match', '"0"'),
    ]);
    // A file is asked for its type before anything is.
    expect(route.contract.bodyTypes === undefined ? [400] : [400, 415]).toContain(res?.status);
  });

  it.each([
    ['as JSON', encodeURIComponent(`j:${JSON.stringify(hostile('$ne'))}`)],
    ['as JSON in a signed form', encodeURIComponent(`s:j:${JSON.stringify(hostile('$ne'))}.x`)],
    ['as text', encodeURIComponent(JSON.stringify(hostile('$gt')))],
  ])('in a cookie, %s, is no token', async (_, value) => {
    const cookies = ['quickbite-refresh', 'quickbite-device', 'quickbite-oauth'].flatMap((name) => [
      `${name}=${value}`,
      `__Host-${name}=${value}`,
    ]);
    const answers = await attack(app, async () => {
      const send = (path: string, body: object) =>
        app.request
          .post(`/api/v1/auth/${path}`)
          .set({ Cookie: cookies.join('; '), 'X-CSRF': '1', Origin: config.http.corsOrigins[0] ?? '' })
          .send(body);
      return [
        await send('refresh', {}),
        await send('login', { email: 'nobody@example.com', password: 'wrong password' }),
      ];
    });
    expect(answers.every(({ status }) => [400, 401, 403].includes(status))).toBe(true);
  });

  it('in a header is no more than its text', async () => {
    const text = JSON.stringify(hostile('$ne'));
    const headers = ['X-Device-Token', 'X-Request-Id', 'X-CSRF', 'User-Agent', 'Accept-Language', 'X-Forwarded-For'];
    await attack(app, async () => {
      const answers = [];
      for (const header of [...headers, 'If-None-Match']) {
        answers.push(await app.request.get('/api/v1/restaurants').set(header, text));
        answers.push(
          await app.request
            .post('/api/v1/auth/login')
            .set(header, text)
            .send({ email: 'nobody@example.com', password: 'wrong password' }),
        );
      }
      return answers;
    });
    const bearer = await app.request.get('/api/v1/me').set('Authorization', `Bearer ${text}`);
    expect(bearer.status).toBe(401);
  });

  it.each([
    ['orders', () => [`orders ${login.userId}`]],
    ['me/favourites', () => [`favourites ${login.userId}`]],
    ['admin/audit-log', () => [JSON.stringify(['audit', undefined, undefined, undefined, undefined, undefined])]],
    ['admin/reviews', () => [JSON.stringify(['reviews', undefined, false])]],
  ])('inside a cursor of /%s, even under our own seal, is 400', async (path, scopes) => {
    const keys = [hostile('$gt'), [hostile('$gt'), hostile('$ne')], [1, hostile('$gt')], null, 7, [hostile('$regex')]];
    const cursors = scopes().flatMap((scope) => [
      ...keys.map((key) => sealCursor(key, scope, config.quotes.secret)),
      sealCursor(hostile('$gt'), scope, 'another secret'),
      Buffer.from(JSON.stringify(hostile('$ne'))).toString('base64url'),
    ]);
    const answers = await attack(app, () =>
      Promise.all(
        cursors.map((cursor) => app.request.get(`/api/v1/${path}`).set(login.headers).query({ cursor, limit: '5' })),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(cursors.map(() => 400));
  });

  it('in the payload of a socket is refused', async () => {
    for (const operator of OPERATORS) {
      // One each: commands are limited per socket.
      const socket = await admitted(`${app.url}/customer`, login);
      const bad = hostile(operator);
      for (const payload of [bad, { orderId: bad, afterSeq: 0 }, { orderId: NO_ID, afterSeq: bad }, [bad]]) {
        const { error } = await resume(socket, payload);
        expect([error?.status, error?.code]).toEqual([400, 'validation_failed']);
      }
      expect(socket.connected).toBe(true);
    }
  });

  it('in a webhook, even under the provider’s own signature, finds nothing', async () => {
    const stripe = new Stripe('sk_test_unused');
    const bad = hostile('$ne');
    const event = { id: 'evt_1', object: 'event', type: 'payment_intent.succeeded', livemode: false };
    const intent = { id: 'pi_1', object: 'payment_intent', status: 'succeeded', currency: 'inr', amount: 1 };
    const events = [
      { ...event, id: bad, data: { object: intent } },
      { ...event, data: { object: { ...intent, id: bad } } },
      { ...event, data: { object: { ...intent, metadata: { paymentId: bad, orderId: bad } } } },
      { ...event, data: bad },
      bad,
    ];
    // An event of the provider's that fits nothing may be written down, for a human.
    const answers = await attack(
      app,
      () =>
        Promise.all(
          events.map((one) => {
            const payload = JSON.stringify({ created: Math.floor(nowMs() / 1000), ...one });
            const timestamp = Math.floor(nowMs() / 1000);
            const secret = config.payments.webhookSecret;
            return app.request
              .post('/api/v1/webhooks/payments/stripe')
              .set('Content-Type', 'application/json')
              .set('Stripe-Signature', stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }))
              .send(payload);
          }),
        ),
      { except: ['webhook_events'] },
    );
    expect(answers.filter(({ status }) => ![200, 400].includes(status))).toEqual([]);
  });

  it('in the payload of a job is refused by the schema of its queue', () => {
    for (const { name, jobs } of definedQueues()) {
      for (const [job, schema] of Object.entries(jobs)) {
        const fields = Object.keys((schema as unknown as { shape: object }).shape);
        const payload = Object.fromEntries(fields.map((field) => [field, hostile('$ne')]));
        expect(schema.safeParse({ ...payload, ...hostile('$or') }).success, `${name}/${job}`).toBe(false);
        if (fields.length > 0) expect(schema.safeParse(payload).success, `${name}/${job}`).toBe(false);
      }
    }
  });

  it('of a sender’s never was one of mongod’s', async () => {
    // It does record: a query of ours is found by its operator.
    await UserModel.collection.findOne({ email: { $ne: 'probe5d2' as never } });
    expect(await operatorsWith('probe5d2')).toEqual(['$ne']);
    expect(await profiledOperations()).toBeGreaterThan(100);
    expect(await operatorsWith(CANARY)).toEqual([]);
  });
});
