import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack } from '../support/attack.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { allRoutes } from '../support/route-calls.ts';

/** What the loop may stand still for; a regular expression gone wild takes seconds. */
const MOST_DELAY_MS = 50;
const LONG = 15_000;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

/** The longest that the loop stood still during `work`; of three tries the best, since others use the machine, too. */
async function delayOf(work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3 && best > MOST_DELAY_MS; tries += 1) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await work();
    // The last delay is noted by the timer after it.
    await new Promise((resolve) => setTimeout(resolve, 5));
    delay.disable();
    best = Math.min(best, delay.max / 1e6);
  }
  return best;
}

const repeated = (part: string) => part.repeat(Math.ceil(LONG / part.length)).slice(0, LONG);

const HEADERS: [string, string][] = [
  ['Accept', repeated('text/html;q=0.1,')],
  ['Accept', repeated('*/*;')],
  ['Accept', `${repeated(' ')}x`],
  ['Accept-Encoding', repeated('gzip;q=0,')],
  ['Accept-Encoding', repeated(',')],
  ['Accept-Language', repeated('en-US,;q=')],
  ['User-Agent', repeated('Mozilla/5.0 (((')],
  ['Range', `bytes=${repeated('0-1,').slice(0, 14_000)}`],
  ['Range', repeated('bytes=0-,')],
  ['If-None-Match', repeated('W/"a",')],
  ['If-None-Match', repeated('"\\')],
  ['If-Match', repeated('"1",')],
  ['If-Modified-Since', repeated('Mon, 01 ')],
  ['Cookie', repeated('a=b; ')],
  ['Cookie', repeated('=;=')],
  ['Cookie', repeated('"')],
  ['X-Client-Version', repeated('1.')],
  ['X-Forwarded-For', repeated('1.1.1.1,')],
  ['X-Request-Id', repeated('a-')],
  ['X-Device-Token', repeated('a.')],
  ['Authorization', `Bearer ${repeated('a.').slice(0, 14_000)}`],
  ['Authorization', `Bearer${repeated(' ')}`],
  ['Authorization', repeated('Bearer ')],
  ['Content-Type', `application/json;${repeated(' charset="')}`],
  ['Content-Type', repeated('application/')],
  ['Idempotency-Key', repeated('!~')],
  ['Origin', `https://${repeated('a.').slice(0, 14_000)}`],
];

describe('case 33: without a body', () => {
  it.each(HEADERS)('a header %s of 15 kB (%#) holds up nobody', async (name, value) => {
    const { headers } = await logInAs();
    const paths = ['/api/v1/restaurants', '/api/v1/me', '/health/live', '/nowhere'];
    await app.request.get('/api/v1/restaurants');
    const delay = await delayOf(() =>
      attack(
        app,
        async () => {
          const reads = await Promise.all(
            paths.map((path) =>
              app.request
                .get(path)
                .set(headers)
                .set(name, value.trimEnd() === '' ? 'x' : value),
            ),
          );
          const write = await app.request.post('/api/v1/auth/refresh').set(name, value);
          return [...reads, write];
        },
        { except: ['sessions'] },
      ),
    );
    expect(delay).toBeLessThan(MOST_DELAY_MS);
  });

  it.each([
    ['of -a', `/${'-a'.repeat(7_500)}`],
    ['of slashes', '/'.repeat(15_000)],
    ['of dots', `/api/v1/${'../'.repeat(5_000)}`],
    ['of escapes', `/api/v1/restaurants/${'%2d%61'.repeat(2_400)}`],
    ['under a route', `/api/v1/restaurants/${'-a'.repeat(7_400)}`],
    ['between two parts of a route', `/api/v1/restaurants/${'a-'.repeat(7_300)}/menu`],
    ['of two ids', `/api/v1/restaurants/${'a'.repeat(7_000)}/staff/${'-a'.repeat(3_500)}`],
    ['of parameters', `/api/v1/restaurants;${'a=b;'.repeat(3_600)}`],
    ['of colons', `/api/v1/${':a'.repeat(7_400)}`],
  ])('a path %s is refused, and holds up nobody', async (_, path) => {
    await app.request.get('/api/v1/restaurants');
    const delay = await delayOf(async () => {
      const [res] = await attack(app, async () => [await app.request.get(path)]);
      expect([400, 401, 404, 414]).toContain(res?.status);
    });
    expect(delay).toBeLessThan(MOST_DELAY_MS);
  });

  it('a head of more than 16 kB is 431, and its connection is closed', async () => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.write(`GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(17_000)}\r\n\r\n`);
    expect(await text(socket).catch(() => '')).toMatch(/^HTTP\/1\.1 431 /);
    expect((await app.request.get('/health/live')).status).toBe(200);
  });
});

describe('case 33: a path of the route table', () => {
  it('has at most one parameter in a segment, no optional group, no pattern', () => {
    expect(allRoutes.length).toBeGreaterThan(60);
    const odd = allRoutes.filter(({ path }) =>
      path.split('/').some((segment) => !/^(?::\w+|[\w.-]*)$/.test(segment) || segment.split(':').length > 2),
    );
    expect(odd.map(({ key }) => key)).toEqual([]);
  });
});
