import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { mongo } from 'mongoose';
import { errorCodes, fromUnknown, toErrorBody } from '../../src/errors/index.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { SessionModel } from '../../src/modules/auth/sessions/session.model.ts';
import { createRestaurant } from '../factories/restaurant.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';

const INSIDE = /canary|E11000|mongo|redis|quickbite_test|collection|stack|node_modules|\.ts\b|\.js\b|at \w+ \(|SELECT/i;
const CANARY = 'canary at Object.<anonymous> (/srv/app/src/x.ts:1:1) mongodb://user:secret@db/quickbite';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(async () => {
  vi.restoreAllMocks();
  await emptyCollections();
});
afterAll(() => app.stop());

function bulkError(code: number): Error {
  return Object.assign(new mongo.MongoServerError({ message: CANARY, code }), {
    keyPattern: { email: 1 },
    keyValue: { email: CANARY },
  });
}

/** One of every class of fault that the house knows, and some that it does not. */
const FAULTS: [string, unknown, number][] = [
  ['a plain error', new Error(CANARY), 500],
  ['a type error', new TypeError(CANARY), 500],
  ['a range error', new RangeError(CANARY), 500],
  ['text', CANARY, 500],
  ['nothing', undefined, 500],
  ['an object', { message: CANARY, stack: CANARY }, 500],
  ['an error that calls itself a 400', Object.assign(new Error(CANARY), { status: 400, expose: false }), 500],
  ['a unique index', bulkError(11000), 409],
  ['a document that fails its schema', bulkError(121), 500],
  ['a stepped-down server', bulkError(10107), 503],
  ['a network fault of the database', new mongo.MongoNetworkError(CANARY), 503],
  ['a full pool', Object.assign(new Error(CANARY), { name: 'MongoWaitQueueTimeoutError' }), 503],
  ['a refused connection', Object.assign(new Error(CANARY), { code: 'ECONNREFUSED' }), 503],
  ['a failed cast', Object.assign(new Error(CANARY), { name: 'CastError', path: 'id', value: CANARY }), 400],
  ['a version conflict', Object.assign(new Error(CANARY), { name: 'VersionError' }), 409],
  ['an unparsable body', Object.assign(new Error(CANARY), { type: 'entity.parse.failed', body: CANARY }), 400],
  ['a bad escape', Object.assign(new Error(CANARY), { name: 'URIError' }), 400],
  ['a cause inside a cause', new Error('outer', { cause: new Error(CANARY) }), 500],
];

describe('case 55: a fault of every class', () => {
  it.each(FAULTS)('%s becomes a sentence of the registry and nothing else', (_, fault, status) => {
    const { error } = toErrorBody(fromUnknown(fault), 'request-1');
    expect(error.status).toBe(status);
    expect(error.message).toBe(errorCodes[error.code].message);
    expect(JSON.stringify(error)).not.toMatch(INSIDE);
  });

  // No route that reads promises a conflict, and every answer is held against its promise.
  it.each(FAULTS.filter(([, , status]) => status !== 409))(
    '%s inside a request is answered so, and the next request too',
    async (_, fault, status) => {
      const login = await logInAs();
      vi.spyOn(SessionModel, 'findById').mockImplementation(() => {
        throw fault as Error;
      });
      vi.spyOn(SessionModel, 'findOne').mockImplementation(() => {
        throw fault as Error;
      });
      vi.spyOn(RestaurantModel, 'findOne').mockImplementation(() => {
        throw fault as Error;
      });
      vi.spyOn(RestaurantModel, 'findById').mockImplementation(() => {
        throw fault as Error;
      });
      const { _id } = await createRestaurant();
      const res = await app.request.get(`/api/v1/restaurants/${_id}`).set(login.headers);
      expect([res.status, errorOf(res).status]).toEqual([status, status]);
      expect(res.text).not.toMatch(INSIDE);
      expect(JSON.stringify(res.headers)).not.toMatch(/canary|mongo|srv/i);
      if (status === 503) expect(Number(res.headers['retry-after'])).toBeGreaterThan(0);
      vi.restoreAllMocks();
      expect((await app.request.get(`/api/v1/restaurants/${_id}`)).status).toBe(200);
    },
  );
});

describe('case 55: the public listener', () => {
  it.each([
    ...['/metrics', '/api/metrics', '/api/v1/metrics', '/health', '/health/detail', '/health/ready/detail', '/status'],
    ...[
      '/admin/queues',
      '/queues',
      '/bull',
      '/bullmq',
      '/debug',
      '/debug/pprof',
      '/actuator',
      '/server-status',
      '/_stats',
    ],
    ...['/.git/HEAD', '/.git/config', '/.env', '/.env.example', '/.npmrc', '/package.json', '/package-lock.json'],
    ...[
      '/src/server.ts',
      '/dist/server.js',
      '/dist/server.js.map',
      '/node_modules/express/package.json',
      '/tsconfig.json',
    ],
    ...[
      '/api/v0/restaurants',
      '/api/v2/restaurants',
      '/v1/restaurants',
      '/api/v1/api/v1/restaurants',
      '/graphql',
      '/parse',
    ],
    ...['/..%2f.env', '/%2e%2e/.env', '/....//.env'],
  ])('does not have %s', async (path) => {
    const res = await app.request.get(path);
    expect([400, 404]).toContain(res.status);
    expect(res.text).not.toMatch(/dependencies|JWT_SECRET|process_cpu/);
  });

  it.each(['/docs/..%2f..%2f.env', '/docs/%2e%2e/%2e%2e/package.json', '/docs/swagger-ui.css.map/../../.env'])(
    'shows no file to %s, at most the page of the documentation',
    async (path) => {
      const res = await app.request.get(path);
      expect(res.text).not.toMatch(/dependencies|JWT_SECRET/);
    },
  );
});
