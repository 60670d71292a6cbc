import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import '../setup/with-local-cloud.ts';
import type { Session } from '../../scripts/demo/bodies.ts';
import { Player } from '../../scripts/demo/player.ts';
import { startServices, type Services } from '../../scripts/services/index.ts';
import { newId } from '../../src/shared/ids.ts';
import { bareEnvironment } from '../setup/bare-environment.ts';
import { eventually } from '../support/eventually.ts';
import { startApi } from '../support/processes.ts';

const EMAIL = 'outage@example.com';
const PASSWORD = 'correct horse battery';
const CLIENTS = 32;
/** 404 is for the quote that nobody made. */
const ALIVE_OR_AWAY = [200, 404, 503];

let dataDir: string;
let services: Services;
let player: Player;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'quickbite-test-mongo-'));
  services = await startMongo();
  const asInProduction = { MONGODB_WAIT_QUEUE_SECONDS: '1', TRANSACTION_DEADLINE_SECONDS: '4' };
  const api = await startApi({ MONGODB_URI: services.mongoUri, RATE_LIMITS: 'false', ...asInProduction });
  player = new Player('customer', api.base);
  const body = { email: EMAIL, name: 'Asha Guest', password: PASSWORD };
  player.useToken((await player.call<Session>('POST', '/auth/signup', { body })).body.accessToken);
});
afterAll(async () => {
  await services.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Of this file's own, so that it can be stopped. */
function startMongo(): Promise<Services> {
  const environment = bareEnvironment({ REDIS_URL: inject('services').redisUrl });
  return startServices({ dataDir, purpose: 'test', environment });
}

it('without MongoDB every answer is a 503 in the one shape, also where a token is checked, and it heals', async () => {
  const requests = {
    anonymous: () => player.try('GET', '/restaurants?lat=15.2&lng=73.1'),
    'with a token': () => player.try('GET', '/orders'),
    'log-in': () => player.try('POST', '/auth/login', { body: { email: EMAIL, password: PASSWORD } }),
    'placing an order': () =>
      player.try('POST', '/orders', {
        body: { quoteId: newId(), paymentMethod: 'card' },
        idempotencyKey: randomUUID(),
      }),
  };
  expect(await untilStopped(Object.values(requests))).toEqual(ALIVE_OR_AWAY);

  const answers = await Promise.all(
    Object.entries(requests).map(async ([name, request]) => ({ name, ...(await request()) })),
  );
  for (const { name, status, body, headers } of answers) {
    expect({ name, status, body }).toEqual({
      name,
      status: 503,
      body: {
        error: {
          status: 503,
          code: 'service_unavailable',
          message: expect.any(String) as string,
          requestId: headers.get('x-request-id'),
        },
      },
    });
    expect([name, Number(headers.get('retry-after'))]).toEqual([name, expect.any(Number)]);
    expect(headers.get('retry-after')).not.toBeNull();
  }

  services = await startMongo();
  await eventually(async () => {
    expect((await requests['with a token']()).status).toBe(200);
  }, 30_000);
});

/** Requests without a pause while MongoDB goes away: some are under way in the very tick. @returns the statuses there were */
async function untilStopped(requests: readonly (() => Promise<{ status: number }>)[]): Promise<number[]> {
  const statuses = new Set<number>();
  let isStopped = false;
  const clients = Array.from({ length: CLIENTS }, async (_, index) => {
    while (!isStopped) statuses.add((await requests[index % requests.length]?.())?.status ?? 0);
  });
  await eventually(() => {
    expect(statuses.size).toBe(ALIVE_OR_AWAY.length - 1);
  });
  await services.stop();
  isStopped = true;
  await Promise.all(clients);
  return [...statuses].sort();
}
