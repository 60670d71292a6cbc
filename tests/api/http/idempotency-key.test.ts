import express, { type Express } from 'express';
import supertest from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  authenticate,
  created,
  createRouter,
  errorHandler,
  idempotencyOf,
  jsonBody,
  markReplay,
  requestContext,
  requireIdempotencyKey,
} from '../../../src/http/index.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { runIdempotent } from '../../../src/infra/mongo/index.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';

/** The kernel's own middlewares around a use case that counts. */
function createTestApp(): Express {
  const router = createRouter();
  router.post('/things/:thingId', authenticate, requireIdempotencyKey('makeThing'), async (req, res) => {
    const { answer, isReplay } = await runIdempotent(idempotencyOf(req), () => Promise.resolve({ id: newId() }));
    markReplay(res, isReplay);
    created(res, `/things/${answer.id}`, answer);
  });
  const app = express();
  app.use(requestContext, jsonBody);
  app.use(['/api/v1', '/api'], router);
  app.use(errorHandler);
  return app;
}

const app = supertest(createTestApp());
let login: Login;
beforeAll(bootstrap);
beforeEach(async () => {
  login = await logInAs();
});
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

interface Sending {
  key?: string;
  body?: object | string;
  path?: string;
  by?: Login;
}

function send({ key, body = { quantity: 1, size: 'L' }, path = '/api/v1/things/a', by = login }: Sending) {
  const req = app.post(path).set(by.headers).set('content-type', 'application/json');
  return (key === undefined ? req : req.set('Idempotency-Key', key)).send(
    typeof body === 'string' ? body : JSON.stringify(body),
  );
}

describe('an Idempotency-Key', () => {
  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['of 256 characters', 'k'.repeat(256)],
    ['with a space inside', 'a b'],
    ['beyond ASCII', 'schl\u00fcssel'],
  ])('that is %s is 400', async (_, key) => {
    const res = await send(key === undefined ? {} : { key });
    expect({ status: res.status, code: errorOf(res).code }).toEqual({ status: 400, code: 'idempotency_key_missing' });
  });

  it.each(['k', 'k'.repeat(255), '6f1c2f7e-5f0e-4a77-9d2b-1f6f3c1f2a10', '"quoted"'])(
    'such as %s is taken',
    async (key) => {
      await send({ key }).expect(201);
    },
  );

  it('brings the first answer again, to the byte, and marks it', async () => {
    const first = await send({ key: 'one' }).expect(201);
    const again = await send({ key: 'one' }).expect(201);
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true', location: first.headers['location'] });
    expect(again.text).toBe(first.text);
  });

  it('is the same under both base paths and with the keys of the body in another order', async () => {
    const first = await send({ key: 'one' });
    const again = await send({ key: 'one', path: '/api/things/a', body: '{ "size": "L",\n "quantity": 1 }' });
    expect(again.text).toBe(first.text);
  });

  it.each([
    ['another value', { body: { quantity: 2, sizes: ['L', 'M'] } }],
    ['another key', { body: { quantity: 1, sizes: ['L', 'M'], note: '' } }],
    ['an array in another order', { body: { quantity: 1, sizes: ['M', 'L'] } }],
    ['another path', { path: '/api/v1/things/b' }],
  ])('sent again with %s is 422', async (_, changes) => {
    const first = { key: 'one', body: { quantity: 1, sizes: ['L', 'M'] } };
    await send(first).expect(201);
    const res = await send({ ...first, ...changes });
    expect({ status: res.status, code: errorOf(res).code }).toEqual({ status: 422, code: 'idempotency_key_reused' });
  });

  it('of another user is another key', async () => {
    const first = await send({ key: 'one' });
    const other = await send({ key: 'one', by: await logInAs() });
    expect(other.status).toBe(201);
    expect(other.text).not.toBe(first.text);
  });
});
