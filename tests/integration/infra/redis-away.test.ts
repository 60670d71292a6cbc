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

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const startedAt = performance.now();
  return { result: await work(), ms: performance.now() - startedAt };
}

/** Of another account each time: the limit per account is stricter, and is case 35's. */
const logIn = () =>
  app.request.post('/api/v1/auth/login').send({ email: `${newId()}@b.example`, password: 'wrong password' });
const browse = () => app.request.get('/api/v1/restaurants');

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
    const { ms } = await timed(() =>
      withTransaction(async (tx) => {
        await appendOutbox(tx, [{ event: 'test.placed', payload: {} }]);
        await scheduleTimer(tx, { kind: 'test.ring', subjectId: newId(), dueAt: new Date('2030-01-01') });
      }),
    );
    expect(ms).toBeLessThan(1_000);
    expect([await OutboxModel.countDocuments(), await TimerModel.countDocuments()]).toEqual([1, 1]);
  });

  it('enqueuing gives up soon', async () => {
    goAway();
    const { ms } = await timed(() => expect(timerQueue.enqueue('fire-due-timers', {})).rejects.toThrow());
    expect(ms).toBeLessThan(4_000);
  });

  it('the cache is its loader', async () => {
    const load = vi.fn(() => Promise.resolve('menu'));
    const request = { cache: 'test', key: newId(), ttlSeconds: 10, staleSeconds: 10, load };
    goAway();
    const { result, ms } = await timed(() => cacheWrap(request));
    expect(result).toBe('menu');
    // The one command that finds out.
    expect(ms).toBeLessThan(1_500);
    await cacheWrap(request);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('browsing stays open', async () => {
    goAway();
    const { result, ms } = await timed(browse);
    expect(result.status).toBe(200);
    expect(ms).toBeLessThan(3_000);
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
