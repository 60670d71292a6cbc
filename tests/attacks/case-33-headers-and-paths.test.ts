import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack } from '../support/attack.ts';
import { growthOf, MOST_GROWTH } from '../support/growth.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { allRoutes } from '../support/route-calls.ts';

/** With the other headers it stays below the 16 kB that a head may have. */
const LONG = 14_000;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

/** So much of `part` as fits into a length. */
const repeated =
  (part: string, { before = '', after = '' } = {}) =>
  (length: number) =>
    before + part.repeat(Math.ceil(length / part.length)).slice(0, length) + after;

/** Of a path with dots, supertest would send what is left of it. */
async function getAsIs(path: string): Promise<{ status: number; text: string }> {
  const [answer] = (await once(get({ port: new URL(app.url).port, path }), 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, text: await text(answer) };
}

const HEADERS: [string, (length: number) => string][] = [
  ['Accept', repeated('text/html;q=0.1,')],
  ['Accept', repeated('*/*;')],
  ['Accept', repeated(' ', { after: 'x' })],
  ['Accept-Encoding', repeated('gzip;q=0,')],
  ['Accept-Encoding', repeated(',')],
  ['Accept-Language', repeated('en-US,;q=')],
  ['User-Agent', repeated('Mozilla/5.0 (((')],
  ['Range', repeated('0-1,', { before: 'bytes=' })],
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
  ['Authorization', repeated('a.', { before: 'Bearer ' })],
  ['Authorization', repeated(' ', { before: 'Bearer' })],
  ['Authorization', repeated('Bearer ')],
  ['Content-Type', repeated(' charset="', { before: 'application/json;' })],
  ['Content-Type', repeated('application/')],
  ['Idempotency-Key', repeated('!~')],
  ['Origin', repeated('a.', { before: 'https://' })],
];

describe('case 33: without a body', () => {
  it.each(HEADERS)('a header %s of 14 kB (%#) holds up nobody', async (name, valueOf) => {
    const { headers } = await logInAs();
    const paths = ['/api/v1/restaurants', '/api/v1/me', '/health/live', '/nowhere'];
    const send = async (length: number) => {
      const value = valueOf(length);
      const read = value.trimEnd() === '' ? 'x' : value;
      const reads = await Promise.all(paths.map((path) => app.request.get(path).set(headers).set(name, read)));
      return [...reads, await app.request.post('/api/v1/auth/refresh').set(name, value)];
    };
    await attack(app, () => send(LONG), { except: ['sessions'] });
    expect(await growthOf(LONG, send)).toBeLessThan(MOST_GROWTH);
  });

  it.each([
    ['of -a', repeated('-a', { before: '/' })],
    ['of slashes', repeated('/')],
    ['of dots', repeated('../', { before: '/api/v1/' })],
    ['of escapes', repeated('%2d%61', { before: '/api/v1/restaurants/' })],
    ['under a route', repeated('-a', { before: '/api/v1/restaurants/' })],
    ['between two parts of a route', repeated('a-', { before: '/api/v1/restaurants/', after: '/menu' })],
    ['of an id', repeated('a', { before: '/api/v1/restaurants/', after: '/staff/a' })],
    ['of another id', repeated('-a', { before: '/api/v1/restaurants/a/staff/' })],
    ['of parameters', repeated('a=b;', { before: '/api/v1/restaurants;' })],
    ['of colons', repeated(':a', { before: '/api/v1/' })],
  ])('a path %s is refused, and holds up nobody', async (_, pathOf) => {
    const [res] = await attack(app, async () => [await getAsIs(pathOf(LONG))]);
    expect([400, 401, 404, 414]).toContain(res?.status);
    expect(await growthOf(LONG, (length) => getAsIs(pathOf(length)))).toBeLessThan(MOST_GROWTH);
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
