import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type ApiProcess } from '../support/processes.ts';

/** As many as the bar says, shared by three ways to be slow. */
const SOCKETS = 500;
/** Ten seconds for the head of a request, looked at every five; thirty for all of it. */
const HEAD_DEADLINE_MS = 15_000;
const REQUEST_DEADLINE_MS = 36_000;

let api: ApiProcess;
const opened: Socket[] = [];
beforeAll(async () => {
  api = await startApi({ RATE_LIMITS: 'false' });
});
afterAll(() => {
  for (const socket of opened) socket.destroy();
});

interface Slow {
  socket: Socket;
  /** How long it took until the server closed it, and what it said. */
  closed: Promise<{ afterMs: number; answer: string }>;
}

/** Sends `first`, and then one byte of `drops` every second, if any. */
function open(first: string, drops: string): Slow {
  const socket = connect(Number(new URL(api.base).port), '127.0.0.1');
  opened.push(socket);
  const startedAt = performance.now();
  let answer = '';
  let at = 0;
  socket.write(first);
  const timer = setInterval(() => {
    if (socket.writable && drops !== '') socket.write(drops[at % drops.length] ?? '');
    at += 1;
  }, 1_000);
  socket.on('data', (part: Buffer) => (answer += part.toString()));
  socket.on('error', () => undefined);
  const closed = new Promise<{ afterMs: number; answer: string }>((resolve) => {
    socket.on('close', () => {
      clearInterval(timer);
      resolve({ afterMs: performance.now() - startedAt, answer });
    });
  });
  return { socket, closed };
}

const HEAD = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

/** The time of one ordinary request. */
async function ordinary(): Promise<number> {
  const startedAt = performance.now();
  const res = await fetch(`${api.base}/api/v1/restaurants?limit=1`);
  await res.arrayBuffer();
  expect(res.status).toBe(200);
  return performance.now() - startedAt;
}

async function slowestOf(count: number): Promise<number> {
  const times = [];
  for (let index = 0; index < count; index += 1) times.push(await ordinary());
  return times.sort((a, b) => a - b)[Math.floor(count * 0.9)] ?? Number.NaN;
}

describe('case 32: five hundred clients that take their time', () => {
  it('are cut off by the deadlines of head and request, and nobody else waits for them', async () => {
    await slowestOf(10);
    const slowHeads = Array.from({ length: 300 }, () => open('GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: ', 'a'));
    const slowBodies = Array.from({ length: SOCKETS - 400 }, () => open(`${HEAD}Content-Length: 1000\r\n\r\n{`, ' '));
    const silent = Array.from({ length: 100 }, () => open('', ''));
    // Slow readers: whole requests, of whose answers nothing is read.
    const readers = Array.from({ length: 100 }, () => {
      const reader = open('GET /api/v1/restaurants HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '');
      reader.socket.pause();
      return reader;
    });
    // Two cores are shared by client, server and databases: a bench holds the percentile, this the order of magnitude.
    expect(await slowestOf(40)).toBeLessThan(1_000);
    const heads = await Promise.all(slowHeads.map(({ closed }) => closed));
    expect(Math.max(...heads.map(({ afterMs }) => afterMs))).toBeLessThan(HEAD_DEADLINE_MS + 2_000);
    for (const { answer } of heads) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect(await slowestOf(20)).toBeLessThan(1_000);
    const bodies = await Promise.all(slowBodies.map(({ closed }) => closed));
    expect(Math.max(...bodies.map(({ afterMs }) => afterMs))).toBeLessThan(REQUEST_DEADLINE_MS + 2_000);
    for (const { answer } of bodies) {
      expect(answer).toMatch(/^(HTTP\/1\.1 (400|408) |$)/);
      expect(answer).not.toMatch(/stack|node_modules/);
    }
    const quiet = await Promise.all(silent.map(({ closed }) => closed));
    expect(Math.max(...quiet.map(({ afterMs }) => afterMs))).toBeLessThan(REQUEST_DEADLINE_MS + 2_000);
    for (const { socket } of readers) socket.resume();
    const answers = await Promise.all(readers.map(({ closed }) => closed));
    expect(answers.every(({ answer }) => answer.startsWith('HTTP/1.1 200'))).toBe(true);
    expect(await Promise.race([api.exited, Promise.resolve('alive')])).toBe('alive');
  }, 60_000);
});
