import type { ServerResponse } from 'node:http';
import { delay, realNowMs } from './clock.ts';
import { sendHtml } from './http.ts';

/** What a vendor under attack, or behind a broken proxy, may answer. */
export type HostileAnswer = 'html' | 'huge' | 'trickle' | 'redirect';

const PLAIN_PAGE = "default-src 'none'";
const HUGE_BYTES = 10 * 1024 * 1024;

/** A page, 10 MB of JSON, a byte now and then for `ms`, or the way to somewhere else. */
export async function answerHostile(res: ServerResponse, kind: HostileAnswer, ms: number): Promise<void> {
  switch (kind) {
    case 'redirect':
      res.writeHead(302, { Location: '/elsewhere' }).end();
      return;
    case 'huge':
      res.writeHead(200, { 'Content-Type': 'application/json' }).end(`{"pad":"${'a'.repeat(HUGE_BYTES)}"}`);
      return;
    case 'trickle':
      await trickle(res, ms);
      return;
    default:
      sendHtml(res, '<!doctype html><title>Maintenance</title>', { policy: PLAIN_PAGE });
  }
}

async function trickle(res: ServerResponse, ms: number): Promise<void> {
  const until = realNowMs() + ms;
  res.writeHead(200, { 'Content-Type': 'application/json' });
  while (realNowMs() < until && !res.destroyed) {
    res.write(' ');
    await delay(100);
  }
  res.end('{}');
}
