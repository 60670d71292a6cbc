import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IdempotencyKeyModel } from '../../src/infra/mongo/idempotency.ts';
import { ROLES } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { createOrderIn } from '../factories/order.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';
import { allRoutes, exampleBody, named, plausiblePath, type KnownRoute } from '../support/route-calls.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

const keyed = allRoutes.filter(({ idempotency }) => idempotency !== null);

const BAD_KEYS: [string, string | undefined][] = [
  ['missing', undefined],
  ['empty', ''],
  ['of 256 characters', 'k'.repeat(256)],
  ['with a space', 'a b'],
  ['beyond ASCII', 'schl\u00fcssel'],
];

function send(route: KnownRoute, headers: Record<string, string>, key: string | undefined) {
  const request = app.request[route.method](plausiblePath(route)).set(headers);
  return (key === undefined ? request : request.set('Idempotency-Key', key)).send(exampleBody(route) ?? {});
}

describe('case 40: an Idempotency-Key', () => {
  it('is asked for by placing, accepting, rejecting and cancelling an order, at least', () => {
    const keys = keyed.map(({ key }) => key);
    for (const step of ['accept', 'reject', 'cancel']) expect(keys).toContain(`post /orders/:orderId/${step}`);
    expect(keys).toContain('post /orders');
  });

  it.each(named(keyed))('that %s cannot use is 400, and nothing is written', async (_, route) => {
    const { headers } = await logInAs({ roles: [...ROLES] });
    const before = await hashDatabase();
    for (const [what, key] of BAD_KEYS) {
      const res = await send(route, headers, key);
      expect([what, res.status, errorOf(res).code]).toEqual([what, 400, 'idempotency_key_missing']);
    }
    expect(await hashDatabase()).toEqual(before);
  });
});

/** One order and everything that may be done twice with it. */
async function placedOrder() {
  const login = await logInAs();
  const order = await createOrderIn('placed', { customerId: login.userId });
  const cancel = (headers: Record<string, string>, key: string, body: object = {}) =>
    app.request.post(`/api/v1/orders/${order._id}/cancel`).set(headers).set('Idempotency-Key', key).send(body);
  return { login, order, cancel };
}

describe('case 40: a key that was used', () => {
  it('brings the same answer to the byte, marked, however many ask at once', async () => {
    const { login, cancel } = await placedOrder();
    const key = newId();
    const answers = await Promise.all(Array.from({ length: 20 }, () => cancel(login.headers, key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  });

  it('is refused with another body on the same path, and brings the first answer with the first body', async () => {
    const login = await logInAs();
    const { _id } = await createOrderIn('placed', { customerId: login.userId });
    const key = newId();
    const cancel = (body: object) =>
      app.request.post(`/api/v1/orders/${_id}/cancel`).set(login.headers).set('Idempotency-Key', key).send(body);
    const first = await cancel({ reason: 'changed_mind' });
    expect(first.status, first.text).toBe(200);
    const res = await cancel({ reason: 'takes_too_long' });
    expect([res.status, errorOf(res).code]).toEqual([422, 'idempotency_key_reused']);
    const again = await cancel({ reason: 'changed_mind' });
    expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([200, first.text, 'true']);
  });

  it('is refused with another order, and the second order stays', async () => {
    const first = await placedOrder();
    const second = await createOrderIn('placed', { customerId: first.login.userId });
    const key = newId();
    expect((await first.cancel(first.login.headers, key)).status).toBe(200);
    const res = await app.request
      .post(`/api/v1/orders/${second._id}/cancel`)
      .set(first.login.headers)
      .set('Idempotency-Key', key)
      .send({});
    expect([res.status, errorOf(res).code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('by somebody else is another key: they neither see the answer nor block it', async () => {
    const { login, cancel } = await placedOrder();
    const stranger = await logInAs();
    const key = newId();
    expect((await cancel(stranger.headers, key)).status).toBe(404);
    const mine = await cancel(login.headers, key);
    expect([mine.status, mine.headers['idempotent-replayed']]).toEqual([200, undefined]);
    const theirs = await cancel(stranger.headers, key);
    expect([theirs.status, theirs.text.includes(login.userId)]).toEqual([404, false]);
  });

  it('is stored with a hash of the body, never with the body', async () => {
    const { login, cancel } = await placedOrder();
    await cancel(login.headers, newId());
    const rows = await IdempotencyKeyModel.find({ userId: login.userId }).lean();
    expect(JSON.stringify(rows[0])).toMatch(/"bodyHash":"[0-9a-f]{64}"/);
  });
});
