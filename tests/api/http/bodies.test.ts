import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

const PATH = '/api/v1/auth/login';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterAll(() => app.stop());

interface Sent {
  headers?: Record<string, string>;
  chunks: (string | Buffer)[];
}

/** Bytes as they are, without a client's help. */
function send({ headers = {}, chunks }: Sent): Promise<{ status: number; code: string }> {
  return new Promise((resolve, reject) => {
    const req = httpRequest(`${app.url}${PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
    });
    req.on('response', (res) => {
      res.setEncoding('utf8');
      let text = '';
      res.on('data', (part: string) => (text += part));
      res.on('end', () => {
        const { error } = JSON.parse(text) as { error: { code: string } };
        resolve({ status: res.statusCode ?? 0, code: error.code });
      });
    });
    req.on('error', reject);
    for (const chunk of chunks) req.write(chunk);
    req.end();
  });
}

async function isAlive(): Promise<boolean> {
  return (await app.request.get('/health/live')).status === 200;
}

describe('a body', () => {
  const blanks = Buffer.alloc(20 * 1024 * 1024, ' ');
  const small = Buffer.from('{}');

  it.each([
    ['of 101 kB', { chunks: [`{"email":"${'x'.repeat(101 * 1024)}"}`] }, 413, 'payload_too_large'],
    [
      'of 101 kB in pieces, its length unsaid',
      { chunks: Array.from({ length: 101 }, () => ' '.repeat(1024)) },
      413,
      'payload_too_large',
    ],
    [
      'that inflates to 20 MB (gzip)',
      { headers: { 'content-encoding': 'gzip' }, chunks: [gzipSync(blanks)] },
      413,
      'payload_too_large',
    ],
    [
      'that inflates to 20 MB (br)',
      { headers: { 'content-encoding': 'br' }, chunks: [brotliCompressSync(blanks, { params: { 1: 1 } })] },
      413,
      'payload_too_large',
    ],
    [
      'that inflates to 20 MB (deflate)',
      { headers: { 'content-encoding': 'deflate' }, chunks: [deflateSync(blanks)] },
      413,
      'payload_too_large',
    ],
    [
      'that inflates to 20 MB (zstd)',
      { headers: { 'content-encoding': 'zstd' }, chunks: [zstdCompressSync(blanks)] },
      413,
      'payload_too_large',
    ],
    [
      'in an unknown encoding',
      { headers: { 'content-encoding': 'snappy' }, chunks: [small] },
      415,
      'unsupported_media_type',
    ],
    [
      'encoded twice',
      { headers: { 'content-encoding': 'gzip, gzip' }, chunks: [gzipSync(gzipSync(small))] },
      415,
      'unsupported_media_type',
    ],
    ['of broken gzip', { headers: { 'content-encoding': 'gzip' }, chunks: ['not gzip at all'] }, 400, 'bad_request'],
    [
      'of gzip that is cut off',
      { headers: { 'content-encoding': 'gzip' }, chunks: [gzipSync('{"email":"a"}').subarray(0, 20)] },
      400,
      'bad_request',
    ],
    [
      'in UTF-7',
      { headers: { 'content-type': 'application/json; charset=utf-7' }, chunks: [small] },
      415,
      'unsupported_media_type',
    ],
    [
      'in UTF-7, spelled otherwise',
      { headers: { 'content-type': 'application/json; CharSet="UTF-7"' }, chunks: [small] },
      415,
      'unsupported_media_type',
    ],
    [
      'whose character set is named twice',
      { headers: { 'content-type': 'application/json; charset=utf-8; charset=utf-7' }, chunks: [small] },
      415,
      'unsupported_media_type',
    ],
    ['of JSON as text', { headers: { 'content-type': 'text/plain' }, chunks: [small] }, 415, 'unsupported_media_type'],
    [
      'of a form',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, chunks: ['email=a'] },
      415,
      'unsupported_media_type',
    ],
    ['without a type', { headers: { 'content-type': '' }, chunks: [small] }, 415, 'unsupported_media_type'],
    ['that is a bare string', { chunks: ['"hello"'] }, 400, 'malformed_json'],
    [
      'of 16,000 levels',
      { chunks: [`{"email":${'['.repeat(16_000)}${']'.repeat(16_000)}}`] },
      400,
      'validation_failed',
    ],
    ['of 21 levels', { chunks: [`${'{"a":'.repeat(21)}1${'}'.repeat(21)}`] }, 400, 'validation_failed'],
    [
      'of 10,000 keys',
      { chunks: [JSON.stringify(Object.fromEntries(Array.from({ length: 7_000 }, (_, i) => [`k${i}`, 1])))] },
      400,
      'validation_failed',
    ],
    ['of a million digits', { chunks: [`{"email":${'9'.repeat(90_000)}}`] }, 400, 'validation_failed'],
  ] as const)('%s is refused', async (...[, sent, status, code]) => {
    expect(await send({ ...sent, chunks: [...sent.chunks] })).toEqual({ status, code });
    expect(await isAlive()).toBe(true);
  });

  it('compressed and within the limit is read', async () => {
    const body = gzipSync(JSON.stringify({ email: 'nobody@example.com', password: 'wrong password' }));
    expect(await send({ headers: { 'content-encoding': 'gzip' }, chunks: [body] })).toMatchObject({
      code: 'credentials_invalid',
    });
  });

  it('of twenty levels is left to the schema', async () => {
    const res = await app.request.post(PATH).send(JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`) as object);
    expect(res.body).toMatchObject({
      error: { details: expect.arrayContaining([expect.objectContaining({ code: 'unknown_key' })]) as unknown },
    });
  });
});
