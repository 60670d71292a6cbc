import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { answerOf } from '../../support/answer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function logIn(email: unknown, password: unknown) {
  return app.request.post('/api/v1/auth/login').send({ email, password });
}

describe('POST /auth/login', () => {
  it('answers exactly tokens and user', async () => {
    const user = await createUser({ email: 'asha@example.com', phone: '+915550100123' });
    const res = await logIn('ASHA@example.com ', PASSWORD);
    expect(res.status).toBe(200);
    expect(res.body).toEqual({
      accessToken: expect.any(String) as unknown,
      refreshToken: expect.any(String) as unknown,
      user: { id: user._id, email: 'asha@example.com', name: user.name },
    });
    expect(res.headers['cache-control']).toBe('no-store');
  });

  it('opens a session of seven days for each log-in', async () => {
    const user = await createUser();
    await logIn(user.email, PASSWORD);
    await logIn(user.email, PASSWORD);
    const sessions = await SessionModel.find({ userId: user._id }).lean();
    expect(sessions.map(({ createdAt, expiresAt }) => expiresAt.getTime() - createdAt.getTime())).toEqual([
      604_800_000, 604_800_000,
    ]);
  });

  it('answers an unknown e-mail and a wrong password alike', async () => {
    const user = await createUser();
    const [wrong, unknown] = [await logIn(user.email, 'wrong horse'), await logIn('nobody@example.com', 'wrong horse')];
    for (const res of [wrong, unknown]) {
      expect(res.status).toBe(401);
      expect(res.body).toMatchObject({ error: { code: 'credentials_invalid' } });
    }
    const withoutId = (body: { error: object }) => ({ ...body.error, requestId: '' });
    expect(withoutId(unknown.body as { error: object })).toEqual(withoutId(wrong.body as { error: object }));
    expect(Object.keys(unknown.headers).sort()).toEqual(Object.keys(wrong.headers).sort());
    expect(unknown.headers['content-length']).toBe(wrong.headers['content-length']);
    expect(await SessionModel.countDocuments()).toBe(0);
  });

  it('tells only who knows the password that the account is suspended', async () => {
    const user = await createUser({ status: 'suspended' });
    const right = await logIn(user.email, PASSWORD);
    expect(answerOf(right)).toMatchObject({
      status: 403,
      body: { error: { code: 'account_suspended' } },
    });
    const wrong = await logIn(user.email, 'wrong horse');
    expect(wrong.body).toMatchObject({ error: { code: 'credentials_invalid' } });
  });

  it.each([
    ['an operator for an e-mail', { $ne: null }, PASSWORD],
    ['an operator for a password', 'asha@example.com', { $ne: null }],
    ['a list of e-mails', ['asha@example.com'], PASSWORD],
    ['no password', 'asha@example.com', undefined],
  ])('with %s is 400', async (_what, email, password) => {
    await createUser({ email: 'asha@example.com' });
    const res = await logIn(email, password);
    expect(answerOf(res)).toMatchObject({
      status: 400,
      body: { error: { code: 'validation_failed' } },
    });
  });

  it('of a stranger whose requests are refused for their form does not use up the owner’s attempts', async () => {
    const { email } = await createUser();
    const bodies = [{ email }, { email, password: 'x', extra: 1 }, { email, password: '' }];
    for (let n = 0; n < 12; n += 1) {
      const res = await app.request.post('/api/v1/auth/login').send(bodies[n % bodies.length]);
      expect(res.status).toBe(400);
    }
    expect((await logIn(email, PASSWORD)).status).toBe(200);
  });

  it('is 429 with Retry-After after thirty in five minutes, also with the right password', async () => {
    const user = await createUser();
    for (let n = 0; n < 30; n += 1) await logIn(`guess-${n}@example.com`, 'x');
    const res = await logIn(user.email, PASSWORD);
    expect(answerOf(res)).toMatchObject({
      status: 429,
      body: { error: { code: 'rate_limited' } },
    });
    expect(Number(res.headers['retry-after'])).toBeGreaterThan(0);
  });
});
