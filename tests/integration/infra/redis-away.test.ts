import { redisProxy } from '../../setup/with-redis-proxy.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { appendOutbox } from '../../../src/infra/queue/index.ts';
import { askRedis, cacheWrap, redisClients } from '../../../src/infra/redis/index.ts';
import { scheduleTimer } from '../../../src/infra/timers/index.ts';
import { timerQueue } from '../../../src/infra/timers/timer-queue.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import { readiness } from '../../../src/modules/health/health.service.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

/** A fifth of the policy's thirty. */
const LOCAL_LOGINS = 6;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  // A client that was never connected waits; one that lost its connection gives up. This is about the second.
  await timerQueue.enqueue('fire-due-timers', {});
  await resetRateLimits();
});
afterEach(async () => {
  redisProxy.mend();
  await eventually(async () => {
    await askRedis((cache) => cache.ping());
    expect(redisClients().producer.status).toBe('ready');
  });
  await emptyCollections();
});
afterAll(() => app.stop());

/** Of another account each time: the limit per account is stricter, and is case 35's. */
const logIn = () =>
  app.request.post('/api/v1/auth/login').send({ email: `${newId()}@b.example`, password: 'wrong password' });
const browse = () => app.request.get('/api/v1/restaurants');

it('a command waits for two seconds at most, one on the path of a request for half a second', () => {
  const { producer, cache } = redisClients();
  expect([producer, cache].map(({ options }) => [options.commandTimeout, options.maxRetriesPerRequest])).toEqual([
    [2_000, 1],
    [500, 1],
  ]);
});

/** It comes back only behind each test: what ends has not waited for it. */
describe.each([
  [
    'cut off',
    () => {
      redisProxy.cut();
    },
  ],
  [
    'silent',
    () => {
      redisProxy.stall();
    },
  ],
] as const)('with Redis %s', (...[, goAway]) => {
  it('promises are kept in MongoDB: outbox and timers commit without waiting', async () => {
    goAway();
    await withTransaction(async (tx) => {
      await appendOutbox(tx, [{ event: 'test.placed', payload: {} }]);
      await scheduleTimer(tx, { kind: 'test.ring', subjectId: newId(), dueAt: new Date('2030-01-01') });
    });
    expect([await OutboxModel.countDocuments(), await TimerModel.countDocuments()]).toEqual([1, 1]);
  });

  it('enqueuing gives up soon', async () => {
    goAway();
    await expect(timerQueue.enqueue('fire-due-timers', {})).rejects.toThrow();
  });

  it('the cache is its loader', async () => {
    const load = vi.fn(() => Promise.resolve('menu'));
    const request = { cache: 'test', key: newId(), ttlSeconds: 10, staleSeconds: 10, load };
    goAway();
    expect(await cacheWrap(request)).toBe('menu');
    await cacheWrap(request);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('browsing stays open', async () => {
    goAway();
    expect((await browse()).status).toBe(200);
  });

  it('readiness tells it, and stays', async () => {
    goAway();
    await eventually(() => {
      expect(readiness()).toMatchObject({ isReady: true, redis: 'down' });
    });
    expect((await app.request.get('/health/ready')).status).toBe(200);
  });
});

describe('with Redis away', () => {
  it('logging in falls to a strict limit of this process, and is shared again when Redis is back', async () => {
    expect((await logIn()).status).toBe(401);
    redisProxy.cut();
    const statuses: number[] = [];
    for (let index = 0; index < LOCAL_LOGINS + 1; index += 1) statuses.push((await logIn()).status);
    expect(statuses).toEqual([...Array.from({ length: LOCAL_LOGINS }, () => 401), 429]);
    const refused = await logIn();
    expect(refused.headers).toMatchObject({ 'ratelimit-limit': String(LOCAL_LOGINS), 'ratelimit-remaining': '0' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    redisProxy.mend();
    await eventually(async () => {
      expect((await logIn()).status).toBe(401);
    });
  });
});
