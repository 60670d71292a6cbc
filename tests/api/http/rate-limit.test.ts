import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rateLimitPolicies } from '../../../src/http/middleware/rate-limit-policies.ts';
import { metricsRegistry } from '../../../src/infra/observability/index.ts';
import { redisClients, redisKey } from '../../../src/infra/redis/index.ts';
import { signAccessToken } from '../../../src/modules/auth/access-token.ts';
import { dateFrom, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';

const { login, account, badToken, unmatched } = rateLimitPolicies;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

// Refused before it costs a hash, but counted.
const logIn = (headers: Record<string, string> = {}) => app.request.post('/api/v1/auth/login').set(headers).send({});
const me = (headers: Record<string, string>) => app.request.get('/api/v1/me').set(headers);

async function statuses(count: number, send: (index: number) => Promise<{ status: number }>): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => send(index)));
  return answers.map(({ status }) => status);
}

const refusals = (all: number[]) => all.filter((status) => status === 429).length;

describe('a limit', () => {
  it('holds against requests that come all at once', async () => {
    const all = await statuses(login.limit + 10, () => logIn());
    expect(refusals(all)).toBe(10);
  });

  it('says where it stands on every answer, and when to come back on a refusal', async () => {
    const first = await logIn();
    expect(first.headers).toMatchObject({
      'ratelimit-limit': String(login.limit),
      'ratelimit-remaining': String(login.limit - 1),
    });
    expect(first.headers['retry-after']).toBeUndefined();
    await statuses(login.limit, () => logIn());
    const refused = await logIn();
    expect({ status: refused.status, code: errorOf(refused).code }).toEqual({ status: 429, code: 'rate_limited' });
    expect(refused.headers['ratelimit-remaining']).toBe('0');
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThan(login.windowSeconds - 60);
    expect(seconds).toBeLessThanOrEqual(login.windowSeconds);
    expect(await metricsRegistry.getSingleMetricAsString('quickbite_rate_limited_total')).toContain('{policy="login"}');
  });

  it('is not escaped by headers, other spellings of the path or fields that nobody uses', async () => {
    await statuses(login.limit, () => logIn());
    const tries = [
      logIn({ 'X-Forwarded-For': '203.0.113.9' }),
      logIn({ 'X-Real-IP': '203.0.113.9', Forwarded: 'for=203.0.113.9' }),
      app.request.post('/api/auth/login').send({ email: 'other@example.com' }),
      app.request.post('/api/v1/auth/login?email=other').send({ email: 'other@example.com' }),
    ];
    for (const attempt of tries) expect((await attempt).status).toBe(429);
  });

  it('counts in Redis, for all instances, and lets the count expire', async () => {
    await logIn();
    const [key, ...others] = await redisClients().cache.keys(`${redisKey('limit', 'login')}*`);
    expect(others).toEqual([]);
    const ttl = await redisClients().cache.pttl(key ?? '');
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(login.windowSeconds * 1000);
  });

  it('of one policy does not use up another', async () => {
    await statuses(login.limit + 1, () => logIn());
    expect((await app.request.get('/api/v1/restaurants')).status).toBe(200);
  });

  it('of an account is that of the account, not of its address', async () => {
    const [asha, ravi] = await Promise.all([logInAs(), logInAs()]);
    const all = await statuses(account.limit + 5, () => me(asha.headers));
    expect(refusals(all)).toBe(5);
    expect((await me(ravi.headers)).status).toBe(200);
  });

  it('meets who guesses tokens, and not who has one at the same address', async () => {
    const { headers } = await logInAs();
    const guess = () => me({ Authorization: 'Bearer a.b.c' });
    const all = await statuses(badToken.limit + 5, guess);
    expect(all.filter((status) => status === 401)).toHaveLength(badToken.limit);
    expect(refusals(all)).toBe(5);
    expect((await app.request.get('/api/v1/me')).status).toBe(429);
    expect((await me(headers)).status).toBe(200);
  });

  it('does not hide from the holder of an expired token that it has expired', async () => {
    setClock({ frozenAt: dateFrom('2026-11-20T12:00:00.000Z') });
    const Authorization = `Bearer ${signAccessToken({ userId: newId(), sessionId: newId(), sessionVersion: 0 })}`;
    setClock({ frozenAt: dateFrom('2026-11-20T12:20:00.000Z') });
    const all = await statuses(badToken.limit + 5, () => me({ Authorization }));
    setClock(null);
    expect(new Set(all)).toEqual(new Set([401]));
  });

  it('meets who looks for routes that are not there', async () => {
    const all = await statuses(unmatched.limit + 5, (index) => app.request.get(`/wp-admin/${index}`));
    expect(refusals(all)).toBe(5);
  });
});
