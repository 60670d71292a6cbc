import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Response } from 'supertest';
import { rateLimitPolicies } from '../../src/http/middleware/rate-limit-policies.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { createRestaurant } from '../factories/restaurant.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createKitchen } from '../support/kitchen.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';

const RESTAURANTS = '/api/v1/restaurants';
const OURS = 'http://localhost:3000';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

async function notModified(): Promise<Response> {
  const { restaurantId } = await createKitchen();
  const path = `${RESTAURANTS}/${restaurantId}/menu`;
  const { headers } = await app.request.get(path);
  return app.request.get(path).set('If-None-Match', headers['etag'] ?? '');
}

async function refusedByLimit(): Promise<Response> {
  const send = () => app.request.post('/api/v1/auth/login').send({});
  await Promise.all(Array.from({ length: rateLimitPolicies.login.limit }, send));
  return send();
}

/** A fault that nobody foresaw: the stored document lacks what the presenter needs. */
async function brokenInside(): Promise<Response> {
  const { _id } = await createRestaurant();
  await RestaurantModel.collection.updateOne(
    { _id: _id as never },
    { $unset: { location: 1, weeklyHours: 1, name: 1 } },
  );
  return app.request.get(`${RESTAURANTS}/${_id}`);
}

describe('case 53: security headers stand on', () => {
  it.each([
    [200, () => app.request.get(RESTAURANTS)],
    [200, () => app.request.get('/health/live')],
    [200, () => app.request.get('/openapi.json')],
    [204, () => app.request.options(RESTAURANTS).set('Origin', OURS).set('Access-Control-Request-Method', 'GET')],
    [304, notModified],
    [400, () => app.request.get(`${RESTAURANTS}/nope`)],
    [401, () => app.request.get('/api/v1/me')],
    [403, async () => app.request.get('/api/v1/admin/audit-log').set((await logInAs()).headers)],
    [404, () => app.request.get('/.env')],
    [413, () => app.request.post('/api/v1/auth/login').send({ email: 'x'.repeat(101 * 1024) })],
    [415, () => app.request.post('/api/v1/auth/login').set('content-type', 'text/plain').send('x')],
    [429, refusedByLimit],
    [500, brokenInside],
  ] as const)('an answer of %i (case %#)', async (status, send) => {
    const res = await send();
    expect(res.status).toBe(status);
    expect(res.headers).toMatchObject({
      'strict-transport-security': expect.stringMatching(/^max-age=(3153|[4-9]\d{7})/) as unknown,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-request-id': expect.any(String) as unknown,
    });
    if (status >= 400) {
      expect(res.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
      });
    }
    if (status === 429) expect(Number(res.headers['retry-after'])).toBeGreaterThan(0);
    expect(res.headers).not.toHaveProperty('x-powered-by');
    expect(res.headers).not.toHaveProperty('server');
    // The document is what the page under /docs reads.
    if (res.request.url.endsWith('/openapi.json')) return;
    expect(res.headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
  });

  it('the documentation, whose page may load its own parts and be framed by nobody else', async () => {
    const res = await app.request.get('/docs/').expect(200);
    expect(res.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("frame-ancestors 'self'") as unknown,
    });
    expect(res.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    expect((await app.request.get('/docs/swagger-ui-bundle.js')).headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('case 53: an answer', () => {
  it('with personal data, and every failure, is kept in no cache', async () => {
    const { headers } = await logInAs();
    for (const res of [await app.request.get('/api/v1/me').set(headers), await app.request.get('/api/v1/me')]) {
      expect(res.headers['cache-control']).toBe('no-store');
      expect(res.headers['content-type']).toBe('application/json; charset=utf-8');
    }
  });

  it('that went wrong inside is one fixed sentence', async () => {
    const res = await brokenInside();
    expect(errorOf(res)).toEqual({
      status: 500,
      code: 'internal_error',
      message: 'Something went wrong on our side.',
      requestId: res.headers['x-request-id'],
    });
  });

  it('of some size is compressed for who can read it', async () => {
    await Promise.all(Array.from({ length: 10 }, () => createRestaurant()));
    const packed = await app.request.get(RESTAURANTS).set('Accept-Encoding', 'gzip').expect(200);
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: expect.stringMatching(/accept-encoding/i) as unknown,
    });
    const plain = await app.request.get(RESTAURANTS).set('Accept-Encoding', 'identity').expect(200);
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(packed.body).toEqual(plain.body);
  });

  it('to HEAD is that of GET without its body', async () => {
    const res = await app.request.head(RESTAURANTS);
    expect({ status: res.status, text: res.text }).toEqual({ status: 200, text: undefined });
  });
});

describe('case 53: a browser', () => {
  it.each([OURS, 'http://localhost:5173'])('on %s may call and read what it needs', async (origin) => {
    const res = await app.request.get(RESTAURANTS).set('Origin', origin);
    expect(res.headers['access-control-allow-origin']).toBe(origin);
    expect(res.headers['vary']).toContain('Origin');
    expect(res.headers['access-control-allow-credentials']).toBe('true');
    for (const header of [
      'X-Request-Id',
      'X-Device-Token',
      'Idempotent-Replayed',
      'Retry-After',
      'RateLimit-Remaining',
    ]) {
      expect(res.headers['access-control-expose-headers']).toContain(header);
    }
  });

  it.each([
    'https://evil.example',
    'null',
    'http://localhost:3000.evil.example',
    'http://evil-localhost:3000',
    'http://localhost:30001',
    'https://localhost:3000',
    'http://LOCALHOST:3000',
    'http://localhost:3000/',
  ])('on %s is allowed nothing, on preflight, answer and failure', async (origin) => {
    const answers = [
      await app.request.options(RESTAURANTS).set('Origin', origin).set('Access-Control-Request-Method', 'POST'),
      await app.request.get(RESTAURANTS).set('Origin', origin),
      await app.request.get('/api/v1/me').set('Origin', origin),
    ];
    for (const { headers } of answers) {
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
      expect(headers['vary']).toContain('Origin');
    }
  });
});
