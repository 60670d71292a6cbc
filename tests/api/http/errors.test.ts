import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricsRegistry } from '../../../src/infra/observability/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const UUID = /^[0-9a-f-]{36}$/;

describe('the one failure shape', () => {
  it.each([
    ['an unknown route', () => app.request.get('/api/v1/nothing'), 404, 'route_not_found'],
    ['a path outside the API', () => app.request.get('/wp-admin'), 404, 'route_not_found'],
    [
      'malformed JSON',
      () => app.request.post('/api/v1/auth/login').set('content-type', 'application/json').send('{"email":'),
      400,
      'malformed_json',
    ],
    [
      'an oversize body',
      () => app.request.post('/api/v1/auth/login').send({ email: 'x'.repeat(101 * 1024) }),
      413,
      'payload_too_large',
    ],
    [
      'a wrong content type',
      () => app.request.post('/api/v1/auth/login').set('content-type', 'text/plain').send('hello'),
      415,
      'unsupported_media_type',
    ],
    [
      'a foreign character set',
      () => app.request.post('/api/v1/auth/login').set('content-type', 'application/json; charset=utf-7').send('{}'),
      415,
      'unsupported_media_type',
    ],
    ['a bad token', () => app.request.get('/api/v1/me').set('authorization', 'Bearer a.b.c'), 401, 'token_invalid'],
    ['no token', () => app.request.get('/api/v1/me'), 401, 'unauthenticated'],
    [
      'unknown keys',
      () => app.request.post('/api/v1/auth/login').send({ email: 'a@b.example', password: 'xxxxxxxx', isAdmin: true }),
      400,
      'validation_failed',
    ],
    ['a malformed id', () => app.request.get('/api/v1/restaurants/nope'), 400, 'validation_failed'],
    ['a bad percent escape', () => app.request.get('/api/v1/restaurants/%E0%A4%A'), 400, 'bad_request'],
  ] as const)('is what %s answers', async (...[, send, status, code]) => {
    const res = await send();
    const error = errorOf(res);
    expect({ httpStatus: res.status, status: error.status, code: error.code }).toEqual({
      httpStatus: status,
      status,
      code,
    });
    expect(error.message).not.toBe('');
    expect(error.requestId).toMatch(UUID);
    expect(res.headers['x-request-id']).toBe(error.requestId);
    expect(res.headers['x-powered-by']).toBeUndefined();
  });

  it('refuses JSON of 16,000 levels with 400, and lives', async () => {
    const body = `{"email":${'['.repeat(16_000)}${']'.repeat(16_000)}}`;
    const res = await app.request.post('/api/v1/auth/login').set('content-type', 'application/json').send(body);
    expect({ status: res.status, code: errorOf(res).code }).toEqual({ status: 400, code: 'validation_failed' });
    expect((await app.request.get('/health/live')).status).toBe(200);
  });

  it('is counted under no route when none was reached', async () => {
    await app.request.post('/api/v1/auth/login').set('content-type', 'application/json').send('{"email":');
    const reported = await metricsRegistry.getSingleMetricAsString('quickbite_errors_reported_total');
    expect(reported).toContain('{where="POST unmatched",code="malformed_json"}');
    expect(reported).not.toMatch(/v1unmatched/);
  });

  it('keeps a well-formed request id and replaces another', async () => {
    const kept = await app.request.get('/health/live').set('x-request-id', 'my-request-0001');
    expect(kept.headers['x-request-id']).toBe('my-request-0001');
    const replaced = await app.request.get('/health/live').set('x-request-id', 'bad id\tx');
    expect(replaced.headers['x-request-id']).toMatch(UUID);
  });
});
