import { redisProxy } from '../../setup/with-redis-proxy.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askRedis } from '../../../src/infra/redis/index.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { codeOf, createGuardedUser } from '../../support/second-factor.ts';
import { openPage } from '../../support/social.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await resetRateLimits();
});
afterEach(async () => {
  redisProxy.mend();
  await eventually(() => askRedis((cache) => cache.ping()));
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

/** The one shape of an answer that asks to come back, and nothing about Redis in it. */
function expectUnavailable(res: { status: number; body: unknown; headers: Record<string, string> }): void {
  expect(res).toMatchObject({ status: 503, body: { error: { code: 'service_unavailable' } } });
  expect(Number(res.headers['retry-after'])).toBeGreaterThan(0);
  expect(JSON.stringify(res.body)).not.toMatch(/redis|ioredis|ECONN|stack/i);
}

const logIn = (email: string) => app.request.post('/api/v1/auth/login').send({ email, password: PASSWORD });

describe.each(['cut off', 'silent'] as const)('with Redis %s', (how) => {
  it('the log-in of somebody with a second factor is 503: nobody gets in by half', async () => {
    const { user } = await createGuardedUser();
    GONE[how]();
    expectUnavailable(await logIn(user.email));
    expect(await SessionModel.countDocuments()).toBe(0);
  });

  it('the log-in of somebody with a password alone goes on', async () => {
    const { email } = await createUser();
    GONE[how]();
    expect((await logIn(email)).status).toBe(200);
  });

  it('the second half of a log-in is 503', async () => {
    const { user, secret } = await createGuardedUser();
    const { details } = ((await logIn(user.email)).body as { error: { details: { challenge: string } } }).error;
    GONE[how]();
    const code = codeOf(secret);
    expectUnavailable(await app.request.post('/api/v1/auth/mfa/verify').send({ challenge: details.challenge, code }));
    expect(await SessionModel.countDocuments()).toBe(0);
  });

  it('the exchange of a provider’s log-in is 503', async () => {
    GONE[how]();
    const { codeVerifier } = openPage();
    const body = { code: 'a'.repeat(43), codeVerifier };
    expectUnavailable(await app.request.post('/api/v1/auth/oauth/exchange').send(body));
  });
});
