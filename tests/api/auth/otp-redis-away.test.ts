import { redisProxy } from '../../setup/with-redis-proxy.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { isRedisUp } from '../../../src/infra/redis/index.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await resetRateLimits();
});
afterEach(async () => {
  redisProxy.mend();
  await eventually(async () => {
    expect(await isRedisUp()).toBe(true);
  });
  await emptyCollections();
});
afterAll(() => app.stop());

const GONE = {
  'cut off': () => {
    redisProxy.cut();
  },
  silent: () => {
    redisProxy.stall();
  },
};

describe.each(['cut off', 'silent'] as const)('with Redis %s', (how) => {
  it.each([
    ['request', {}],
    ['verify', { code: '123456' }],
  ])('POST /auth/otp/%s is 503 with Retry-After: nobody guesses where nobody can count', async (step, more) => {
    // An address of its own each time, so that the strict local limit does not answer first.
    const email = `${how.replace(' ', '-')}-${step}@example.com`;
    GONE[how]();
    const res = await app.request.post(`/api/v1/auth/otp/${step}`).send({ channel: 'email', email, ...more });
    expect(res).toMatchObject({ status: 503, body: { error: { code: 'service_unavailable' } } });
    expect(Number(res.headers['retry-after'])).toBeGreaterThan(0);
    expect(JSON.stringify(res.body)).not.toContain(email);
    expect([await OutboxModel.countDocuments(), await SessionModel.countDocuments()]).toEqual([0, 0]);
  });
});

it('with Redis back, a request is taken again', async () => {
  const res = await app.request.post('/api/v1/auth/otp/request').send({ channel: 'email', email: 'back@example.com' });
  expect(res.status).toBe(202);
});
