import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPrivateApp } from '../../../src/app.ts';
import { close, createHttpServer, listen } from '../../../src/listen.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

const privateServer = createHttpServer(createPrivateApp());
let app: TestApp;
let privateUrl: string;
beforeAll(async () => {
  app = await startTestApp();
  privateUrl = `http://127.0.0.1:${await listen(privateServer, { host: '127.0.0.1', port: 0 })}`;
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(async () => {
  await close(privateServer);
  await app.stop();
});

async function metrics(): Promise<string> {
  const res = await fetch(`${privateUrl}/metrics`);
  expect(res.headers.get('content-type')).toContain('text/plain');
  return res.text();
}

async function countOf(sample: string): Promise<number> {
  const line = (await metrics()).split('\n').find((one) => one.startsWith(sample));
  return Number(line?.split(' ').at(-1) ?? 0);
}

describe('the private listener', () => {
  it('tells readiness in detail', async () => {
    const res = await fetch(`${privateUrl}/health/ready`);
    expect({ status: res.status, body: await res.json() }).toEqual({
      status: 200,
      body: { isReady: true, mongo: 'up', redis: 'up', isDraining: false },
    });
  });

  it('serves nothing of the API', async () => {
    expect((await fetch(`${privateUrl}/api/v1/restaurants`)).status).toBe(404);
  });
});

describe('a request is measured', () => {
  const sample = (method: string, route: string, status: number) =>
    `http_server_request_duration_seconds_count{http_request_method="${method}",http_route="${route}",http_response_status_code="${status}"}`;

  it.each([
    ['answered', sample('GET', '/api/v1/restaurants', 200), () => app.request.get('/api/v1/restaurants')],
    ['under its short name', sample('GET', '/api/restaurants', 200), () => app.request.get('/api/restaurants')],
    [
      'refused by its schema',
      sample('GET', '/api/v1/restaurants/:restaurantId', 400),
      () => app.request.get('/api/v1/restaurants/x'),
    ],
    [
      'of what is not there',
      sample('GET', '/api/v1/restaurants/:restaurantId', 404),
      () => app.request.get(`/api/v1/restaurants/${newId()}`),
    ],
    [
      'without a token',
      sample('GET', '/api/v1/orders/:orderId', 401),
      () => app.request.get(`/api/v1/orders/${newId()}`),
    ],
    [
      'of another role',
      sample('POST', '/api/v1/orders/:orderId/accept', 403),
      async () => app.request.post(`/api/v1/orders/${newId()}/accept`).set((await logInAs()).headers),
    ],
    ['of no route', sample('GET', 'unmatched', 404), () => app.request.get(`/api/v1/${newId()}`)],
    ['of health', sample('GET', '/health/live', 200), () => app.request.get('/health/live')],
  ])('by its template when %s', async (_, label, send) => {
    const before = await countOf(label);
    await send();
    await eventually(async () => {
      expect(await countOf(label)).toBe(before + 1);
    });
  });

  it('by code when it failed, and never by an id, a query or a method of its own invention', async () => {
    const label = 'quickbite_http_errors_total{code="not_found"}';
    const before = await countOf(label);
    const id = newId();
    await app.request.get(`/api/v1/restaurants/${id}/reviews?limit=17`);
    await app.request.get(`/api/v1/restaurants/${id}`);
    await app.request.propfind(`/canary/${id}`);
    await eventually(async () => {
      expect(await countOf(label)).toBe(before + 2);
    });
    const text = await metrics();
    expect(text).not.toContain(id);
    expect(text).not.toContain('canary');
    expect(text).not.toContain('limit=17');
  });

  it('while it is in hand', async () => {
    await eventually(async () => {
      expect(await metrics()).toMatch(/^http_server_active_requests 0$/m);
    });
  });
});
