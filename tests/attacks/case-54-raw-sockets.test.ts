import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditModel } from '../../src/infra/audit/audit.model.ts';
import { redisClients, redisKey } from '../../src/infra/redis/index.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { cpuMsSince } from '../support/growth.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

const HOST = 'Host: x\r\n';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

/** Everything that comes back on one connection until the server closes it. */
async function talk(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  socket.write(bytes);
  // A reset after the answer is a way to close, too.
  const answer = await text(socket).catch(() => '');
  return answer;
}

const statusesOf = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

describe('case 54: a connection that sends', () => {
  it.each([
    [
      'a length and chunks',
      `POST /health/live HTTP/1.1\r\n${HOST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['two lengths', `POST /health/live HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    [
      'an obfuscated transfer coding',
      `POST /health/live HTTP/1.1\r\n${HOST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'two transfer codings that hide each other',
      `POST /health/live HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
    ],
    ['a negative length', `POST /health/live HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`],
    ['a length with a sign', `POST /health/live HTTP/1.1\r\n${HOST}Content-Length: +1\r\n\r\na`],
    [
      'a chunk size in no number',
      `POST /api/v1/auth/login HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`,
    ],
    ['a NUL in a header', `GET /health/live HTTP/1.1\r\n${HOST}X-A: a\0b\r\n\r\n`],
    ['a bare line feed', `GET /health/live HTTP/1.1\nHost: x\n\n`],
    ['a space before a header', `GET /health/live HTTP/1.1\r\n${HOST} X-Folded: 1\r\nbad header: y\r\n\r\n`],
    ['an unknown method', `FOO /health/live HTTP/1.1\r\n${HOST}\r\n`],
    ['two hosts', `GET /health/live HTTP/1.1\r\n${HOST}hOST: evil.example\r\n\r\n`],
    ['no host', `GET /health/live HTTP/1.1\r\n\r\n`],
    ['another protocol', `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n`],
  ])('%s gets 400 and is closed', async (_, bytes) => {
    const answer = await talk(bytes);
    expect(statusesOf(answer)).toEqual([400]);
    expect(answer).not.toMatch(/at .*\.js|X-Powered-By/i);
  });

  it('a transfer coding of another name is refused and closed', async () => {
    const answer = await talk(`POST /health/live HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`);
    expect(statusesOf(answer)).toEqual([415]);
    expect(answer).toMatch(/^Connection: close/im);
  });

  it('more headers than 16 kB gets 431', async () => {
    expect(statusesOf(await talk(`GET /health/live HTTP/1.1\r\n${HOST}X-Big: ${'a'.repeat(17_000)}\r\n\r\n`))).toEqual([
      431,
    ]);
  });

  it('a tunnel request is refused and closed', async () => {
    expect(statusesOf(await talk(`CONNECT evil.example:443 HTTP/1.1\r\n${HOST}\r\n`))).toEqual([405]);
  });

  it.each(['TRACE', 'PROPFIND', 'MKCOL', 'PURGE', 'SEARCH', 'LINK', 'QUERY'])(
    '%s, whatever the path, reaches no route and is closed',
    async (method) => {
      for (const path of ['/api/v1/restaurants', '/api/v1/me', '/health/live', '/nothing', '*']) {
        const answer = await talk(`${method} ${path} HTTP/1.1\r\n${HOST}X-Canary: canary\r\n\r\n`);
        expect(statusesOf(answer), path).toEqual([400]);
        expect(answer).toMatch(/^Connection: close/im);
        expect(answer).toContain('"code":"bad_request"');
        expect(answer).not.toContain('canary');
      }
    },
  );

  it.each(['GET', 'HEAD', 'OPTIONS'])('%s, which we do use, is not taken for one of them', async (method) => {
    const answer = await talk(`${method} /api/v1/restaurants HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`);
    expect(statusesOf(answer)).toEqual([method === 'OPTIONS' ? 204 : 200]);
  });

  it('two hosts are refused even where the page lies ready', async () => {
    const get = (hosts: string) => talk(`GET /api/v1/cuisines HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`);
    expect(statusesOf(await get(HOST))).toEqual([200]);
    expect(statusesOf(await get(HOST))).toEqual([200]);
    expect(statusesOf(await get(`${HOST}${HOST}`))).toEqual([400]);
  });

  it('an absolute target is refused and closed', async () => {
    const answer = await talk(`GET http://evil.example/health/live HTTP/1.1\r\n${HOST}\r\n`);
    expect(statusesOf(answer)).toEqual([400]);
    expect(answer).not.toContain('evil.example');
  });

  it('a wish for another protocol than WebSocket is answered as if it were not there', async () => {
    const answer = await talk(`GET /health/live HTTP/1.1\r\n${HOST}Connection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n`);
    expect(statusesOf(answer)).toEqual([200]);
  });

  it('a second request hidden in the first is not answered as one', async () => {
    const inner = `GET /openapi.json HTTP/1.1\r\n${HOST}\r\n`;
    const outer = `POST /api/v1/auth/login HTTP/1.1\r\n${HOST}Connection: close\r\nContent-Type: application/json\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`;
    expect(statusesOf(await talk(outer))).toEqual([400]);
  });

  it('nonsense harms nobody else', async () => {
    expect((await app.request.get('/health/live')).status).toBe(200);
  });
});

const WEBHOOK = '/api/v1/webhooks/payments/stripe';
const JSON_POST = (path: string) => `POST ${path} HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;

describe('case 54: a body without end', () => {
  it.each(['/api/v1/auth/login', '/api/v1/nothing', WEBHOOK])('in chunks to %s is cut off', async (path) => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    const chunk = `2000\r\n${' '.repeat(0x2000)}\r\n`;
    let sent = 0;
    const sender = setInterval(() => {
      if (socket.writable) socket.write(chunk, () => (sent += 0x2000));
    }, 1);
    const startedAt = performance.now();
    let answer = '';
    socket.on('data', (part) => (answer += part.toString()));
    socket.on('error', () => undefined);
    socket.write(`${JSON_POST(path)}Transfer-Encoding: chunked\r\n\r\n`);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(sender);
    expect(statusesOf(answer)).toEqual([413]);
    expect(answer).toMatch(/^Connection: close/im);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(sent).toBeLessThan(10 * 1024 * 1024);
  });

  it.each([
    ['/api/v1/auth/login', 413],
    [WEBHOOK, 413],
  ])('announced to %s is refused before it is sent', async (path, status) => {
    const startedAt = performance.now();
    const answer = await talk(`${JSON_POST(path)}Content-Length: 10000000000\r\n\r\n{`);
    expect(statusesOf(answer)).toEqual([status]);
    expect(answer).toMatch(/^Connection: close/im);
    // Waited for, it would be until the deadline of the request.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('of a type that is not read is not waited for', async () => {
    const head = `POST /api/v1/auth/login HTTP/1.1\r\n${HOST}Content-Type: text/plain\r\n`;
    expect(statusesOf(await talk(`${head}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n`))).toEqual([415]);
  });
});

describe('case 54: a path of a strange kind', () => {
  it.each([
    ['with 8,000 dashes', `/api/v1/restaurants/${'-a'.repeat(4_000)}`, 400],
    ['with a double slash', '/api/v1//restaurants', 404],
    ['in capitals', '/API/v1/restaurants', 404],
    ['with a NUL', '/api/v1/restaurants/%00', 400],
    ['with dots to climb', '/api/v1/restaurants/..%2f..%2fmetrics', 400],
  ])('%s is refused at once', async (_, path, status) => {
    const before = process.cpuUsage();
    expect(statusesOf(await talk(`GET ${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`))).toEqual([status]);
    expect(cpuMsSince(before)).toBeLessThan(500);
  });
});

describe('case 54: headers of a proxy from somebody who is none', () => {
  const spoofed = [
    'X-Forwarded-For: 203.0.113.9',
    'X-Forwarded-Host: evil.example',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Port: 1',
    'Forwarded: for=203.0.113.9;host=evil.example',
    'X-Real-IP: 203.0.113.9',
  ].join('\r\n');

  it('move neither what is counted nor what is written down', async () => {
    await resetRateLimits();
    const head = `POST /api/v1/auth/login HTTP/1.1\r\n${HOST}${spoofed}\r\nConnection: close\r\n`;
    const answer = await talk(`${head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`);
    expect(statusesOf(answer)).toEqual([400]);
    expect(answer).not.toMatch(/evil|203\.0\.113/);
    const keys = await redisClients().cache.keys(`${redisKey('limit', 'login')}*`);
    expect(keys).toEqual([redisKey('limit', 'login', '127.0.0.1')]);
    await eventually(async () => {
      const rows = await AuditModel.find().lean();
      expect(rows.map(({ event }) => event)).toContain('access.invalid');
      expect(JSON.stringify(rows)).not.toMatch(/evil|203\.0\.113/);
    });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    '',
  ])('and JSON called %j is not read', async (type) => {
    const named = type === '' ? '' : `Content-Type: ${type}\r\n`;
    const head = `POST /api/v1/auth/login HTTP/1.1\r\n${HOST}${named}Connection: close\r\n`;
    expect(statusesOf(await talk(`${head}Content-Length: 2\r\n\r\n{}`))).toEqual([415]);
  });
});
