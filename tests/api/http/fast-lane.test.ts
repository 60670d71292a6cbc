import '../../setup/with-page-cache.ts';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { metricsRegistry } from '../../../src/infra/observability/index.ts';
import { close, createHttpServer, listen } from '../../../src/listen.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
/** The application without the lane in front of it. */
let chain: Server;
let ways: Record<'lane' | 'chain', string>;
beforeAll(async () => {
  app = await startTestApp();
  chain = createHttpServer(createApp());
  await listen(chain, { host: '127.0.0.1', port: 0 });
  ways = { lane: app.url, chain: `http://127.0.0.1:${(chain.address() as AddressInfo).port}` };
});
beforeEach(resetRateLimits);
afterAll(async () => {
  await close(chain);
  await emptyCollections();
  await app.stop();
});

const CHANGING = ['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset', 'keep-alive', 'connection'];

interface Asked {
  headers?: Record<string, string>;
  method?: string;
}

async function ask(url: string, { headers = {}, method = 'GET' }: Asked = {}) {
  const res = await fetch(url, { headers, method });
  const kept = [...res.headers].filter(([name]) => !CHANGING.includes(name));
  return {
    status: res.status,
    text: await res.text(),
    headers: Object.fromEntries(kept),
    left: Number(res.headers.get('ratelimit-remaining')),
    requestId: res.headers.get('x-request-id'),
  };
}

/** Too long to be remembered: always answered by its route. */
const byRoute = (path: string) => `${app.url}${path}?${'&'.repeat(500)}`;

async function newPage(): Promise<string> {
  const { _id } = await createRestaurant();
  const path = `/api/v1/restaurants/${_id}`;
  // A change that is still on its way would end the page in the middle of a comparison.
  await eventually(async () => {
    const before = await hits();
    await ask(app.url + path);
    expect(await hits()).toBe(before + 1);
  });
  return path;
}

async function hits(): Promise<number> {
  const metric = await metricsRegistry.getSingleMetric('quickbite_pages_total')?.get();
  const hit = metric?.values.find(({ labels }) => labels['page'] === 'restaurant' && labels['result'] === 'hit');
  return hit?.value ?? 0;
}

describe.each(['lane', 'chain'] as const)('a page that lies ready, by the %s,', (way) => {
  it.each([
    ['plain', {}],
    ['by a browser of ours', { Origin: 'http://localhost:3000' }],
    ['by a foreign browser', { Origin: 'https://evil.example' }],
    ['packed', { 'Accept-Encoding': 'br' }],
  ] as const)('has headers and bytes of its route when it is asked for %s', async (_, headers) => {
    const path = await newPage();
    const routed = await ask(byRoute(path), { headers });
    const ready = await ask(ways[way] + path, { headers });
    expect(ready).toEqual({ ...routed, left: ready.left, requestId: ready.requestId });
    expect(ready.left).toBe(routed.left - 1);
    expect(ready.requestId).toMatch(/^[\w-]{36}$/);
    const known = { ...headers, 'If-None-Match': `"other", W/${String(routed.headers['etag'])}` };
    const [routedKnown, readyKnown] = [
      await ask(byRoute(path), { headers: known }),
      await ask(ways[way] + path, { headers: known }),
    ];
    expect(readyKnown).toMatchObject({ status: 304, text: '' });
    expect(readyKnown).toEqual({ ...routedKnown, left: readyKnown.left, requestId: readyKnown.requestId });
  });

  it('to HEAD is that of GET without its body', async () => {
    const path = await newPage();
    const get = await ask(ways[way] + path);
    const head = await ask(ways[way] + path, { method: 'HEAD' });
    expect(head).toEqual({ ...get, text: '', left: head.left, requestId: head.requestId });
  });

  it('is the same for somebody who is signed in, and for whoever sends nonsense', async () => {
    const path = await newPage();
    const { text, headers } = await ask(ways[way] + path);
    const { headers: signedIn } = await logInAs();
    for (const sent of [signedIn, { Authorization: 'Bearer nonsense' }, { Cookie: 'session=1' }]) {
      expect(await ask(ways[way] + path, { headers: sent })).toMatchObject({ status: 200, text, headers });
    }
  });

  it('keeps the request id of the caller, counts as a hit, and as a request of its route', async () => {
    const path = await newPage();
    const before = await hits();
    const { requestId } = await ask(ways[way] + path, { headers: { 'X-Request-Id': 'id-of-the-caller' } });
    expect(requestId).toBe('id-of-the-caller');
    expect(await hits()).toBe(before + 1);
    await eventually(async () => {
      expect(await metricsRegistry.metrics()).toMatch(
        /http_server_request_duration_seconds_count\{http_request_method="GET",http_route="\/api\/v1\/restaurants\/:restaurantId",http_response_status_code="200"\} [1-9]/,
      );
    });
  });

  it('is not for a request with a body, which the route refuses or reads', async () => {
    const path = await newPage();
    const before = await hits();
    const res = await fetch(ways[way] + path, { method: 'POST', body: 'x' });
    expect(res.status).toBe(415);
    expect(await hits()).toBe(before);
  });
});
