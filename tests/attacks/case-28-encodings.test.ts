import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack } from '../support/attack.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { sendBytes } from '../support/raw-bodies.ts';

const BOMB_BYTES = 50 * 1024 * 1024;
/** Inflating all of it takes this much, and the process grows with it. */
const MOST_GROWTH_BYTES = 20 * 1024 * 1024;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterAll(() => app.stop());

const small = Buffer.from('{}');
const valid = '{"email":"nobody@example.com","password":"wrong password"}';
const json = (charset: string) => ({ 'content-type': `application/json; charset=${charset}` });
const encoded = (encoding: string) => ({ 'content-encoding': encoding });

describe('case 28: a bomb of fifty megabytes of blanks', () => {
  const blanks = Buffer.alloc(BOMB_BYTES, ' ');
  const bombs: [string, Buffer][] = [
    ['gzip', gzipSync(blanks)],
    ['br', brotliCompressSync(blanks, { params: { 1: 1 } })],
    ['deflate', deflateSync(blanks)],
    ['zstd', zstdCompressSync(blanks)],
  ];

  it.each(bombs)('as %s is 413, and is not inflated', async (encoding, bomb) => {
    expect(bomb.length).toBeLessThan(90 * 1024);
    const before = process.memoryUsage.rss();
    const [res] = await attack(app, async () => [await sendBytes(app, { headers: encoded(encoding), chunks: [bomb] })]);
    expect(res).toMatchObject({ status: 413, code: 'payload_too_large' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(MOST_GROWTH_BYTES);
  });

  it('at a route that reads the raw body is refused, too', async () => {
    const path = '/api/v1/webhooks/payments/stripe';
    const [res] = await attack(app, async () => [
      await sendBytes(app, { path, headers: encoded('gzip'), chunks: [gzipSync(blanks)] }),
    ]);
    expect([400, 413, 415]).toContain(res?.status);
  });
});

describe('case 28: a body', () => {
  it.each([
    ['in an unknown encoding', encoded('snappy'), small],
    ['encoded twice', encoded('gzip, gzip'), gzipSync(gzipSync(small))],
    ['encoded by two', encoded('deflate, gzip'), gzipSync(deflateSync(small))],
    ['encoded by one and nothing', encoded('gzip, identity'), gzipSync(small)],
    ['in UTF-7', json('utf-7'), small],
    ['in UTF-7, spelled otherwise', { 'content-type': 'application/json; CharSet="UTF-7"' }, small],
    ['in UTF-16', json('utf-16'), Buffer.from('{}', 'utf16le')],
    ['in UTF-32', json('utf-32'), small],
    ['in Latin-1', json('iso-8859-1'), small],
    ['whose character set is named twice', json('utf-8; charset=utf-7'), small],
    ['of JSON as text', { 'content-type': 'text/plain' }, small],
    ['of a form', { 'content-type': 'application/x-www-form-urlencoded' }, Buffer.from('email=a')],
    ['without a type', { 'content-type': '' }, small],
  ])('%s is 415', async (_, headers, chunk) => {
    const [res] = await attack(app, async () => [await sendBytes(app, { headers, chunks: [chunk] })]);
    expect(res).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it.each([
    ['of broken gzip', encoded('gzip'), Buffer.from('not gzip at all')],
    ['of gzip that is cut off', encoded('gzip'), gzipSync(valid).subarray(0, 20)],
    ['of broken brotli', encoded('br'), Buffer.from('not brotli at all')],
    ['of broken zstd', encoded('zstd'), Buffer.from('not zstd at all')],
    ['of broken deflate', encoded('deflate'), Buffer.from('not deflate at all')],
  ])('%s is 400', async (_, headers, chunk) => {
    const [res] = await attack(app, async () => [await sendBytes(app, { headers, chunks: [chunk] })]);
    expect(res).toMatchObject({ status: 400, code: 'bad_request' });
  });

  it.each([
    ['gzip', gzipSync(valid)],
    ['br', brotliCompressSync(valid)],
    ['deflate', deflateSync(valid)],
    ['zstd', zstdCompressSync(valid)],
    ['identity', Buffer.from(valid)],
  ])('as %s within the limit is read', async (encoding, chunk) => {
    const res = await sendBytes(app, { headers: encoded(encoding), chunks: [chunk] });
    expect(res).toMatchObject({ status: 401, code: 'credentials_invalid' });
  });
});
