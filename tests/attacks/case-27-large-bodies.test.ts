import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack } from '../support/attack.ts';
import { startApi, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { sendBytes } from '../support/raw-bodies.ts';

const MB = 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, ' ');
/** What the process may grow by while it refuses, as the bar says. */
const MOST_GROWTH_BYTES = 20 * MB;

let app: TestApp;
let api: ApiProcess;
beforeAll(async () => {
  app = await startTestApp();
  api = await startApi({ RATE_LIMITS: 'false' });
});
beforeEach(resetRateLimits);
afterAll(() => app.stop());

function residentBytes(): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(api.pid)], { encoding: 'utf8' })) * 1024;
}

/** Sends chunks until the other side closes. @returns what came back, and how many bytes went out */
function pourInto(base: string, path: string): Promise<{ answer: string; sent: number }> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1');
    let answer = '';
    let sent = 0;
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    socket.write(head);
    const pour = (): void => {
      if (socket.destroyed || !socket.writable) return;
      sent += CHUNK.length;
      const block = Buffer.concat([Buffer.from(`${CHUNK.length.toString(16)}\r\n`), CHUNK, Buffer.from('\r\n')]);
      socket.write(block, () => setImmediate(pour));
    };
    socket.on('data', (part: Buffer) => (answer += part.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve({ answer, sent });
    });
    pour();
  });
}

describe('case 27: a body', () => {
  it.each([
    ['of 101 kB', [`{"email":"${'x'.repeat(101 * 1024)}"}`]],
    ['of 101 kB in pieces, its length unsaid', Array.from({ length: 101 }, () => ' '.repeat(1024))],
  ])('%s is 413', async (_, chunks) => {
    const [res] = await attack(app, async () => [await sendBytes(app, { chunks })]);
    expect(res).toMatchObject({ status: 413, code: 'payload_too_large' });
  });

  it.each([
    '/api/v1/auth/login',
    '/api/v1/cart/items',
    '/api/v1/webhooks/payments/stripe',
    '/api/v1/uploads',
    '/nowhere',
  ])('without an end is cut off at %s, and costs no memory', async (path) => {
    const flood = () => Promise.all(Array.from({ length: 20 }, () => pourInto(api.base, path)));
    // The first ones load what every later one shares, and let the heap find its size.
    for (let round = 0; round < 3; round += 1) await flood();
    const before = residentBytes();
    const floods = await flood();
    const growth = residentBytes() - before;
    for (const { answer, sent } of floods) {
      // Whoever goes on sending into a closed connection may hear of its end before the answer.
      if (answer !== '') expect(answer).toMatch(/^HTTP\/1\.1 (401|404|413|415) /);
      expect(answer).not.toMatch(/node_modules|Error:/);
      // As much as lies in the buffers of two sockets, and no 64 MB.
      expect(sent).toBeLessThan(16 * MB);
    }
    expect(growth).toBeLessThan(MOST_GROWTH_BYTES);
    expect((await fetch(`${api.base}/health/live`)).status).toBe(200);
  });

  it('that was refused left the same process behind', async () => {
    const ended = await Promise.race([api.exited, Promise.resolve('alive')]);
    expect(ended).toBe('alive');
  });
});
