import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RefreshTokenModel } from '../../../src/modules/auth/sessions/refresh-token.model.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { dateFrom, setClock } from '../../../src/shared/clock.ts';
import { randomToken } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs, openLogin } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

function refresh(refreshToken: unknown) {
  return app.request.post('/api/v1/auth/refresh').send({ refreshToken });
}

async function refreshed(refreshToken: string): Promise<Tokens> {
  const res = await refresh(refreshToken);
  expect(res.status).toBe(200);
  return res.body as Tokens;
}

async function statusOfMe(accessToken: string): Promise<number> {
  const res = await app.request.get('/api/v1/me').set('Authorization', `Bearer ${accessToken}`);
  return res.status;
}

const REFUSED = { status: 401, body: { error: { code: 'refresh_token_invalid' } } };

describe('POST /auth/refresh', () => {
  it('answers new tokens, both of which work', async () => {
    const login = await logInAs();
    const first = await refreshed(login.refreshToken);
    expect(Object.keys(first).sort()).toEqual(['accessToken', 'refreshToken']);
    expect(first.refreshToken).not.toBe(login.refreshToken);
    expect(await statusOfMe(first.accessToken)).toBe(200);
    const second = await refreshed(first.refreshToken);
    expect(await statusOfMe(second.accessToken)).toBe(200);
  });

  it('leaves no refresh token in the database that anybody could send', async () => {
    const login = await logInAs();
    const { refreshToken } = await refreshed(login.refreshToken);
    const stored = JSON.stringify([await RefreshTokenModel.find().lean(), await SessionModel.find().lean()]);
    expect(stored).not.toContain(login.refreshToken);
    expect(stored).not.toContain(refreshToken);
    for (const { _id } of await RefreshTokenModel.find().lean()) expect((await refresh(_id)).status).toBe(401);
  });

  it('notes when and from where the session was used', async () => {
    const login = await logInAs();
    const at = dateFrom(login.user.createdAt.getTime() + 3600_000);
    setClock({ frozenAt: at });
    await SessionModel.updateOne({ _id: login.sessionId }, { lastAddress: '203.0.113.9' });
    await refreshed(login.refreshToken);
    const session = await SessionModel.findById(login.sessionId).lean();
    expect(session).toMatchObject({ lastUsedAt: at, lastAddress: expect.stringContaining('127.0.0.1') as unknown });
  });

  it('with a spent token leaves the other sessions of the person alone', async () => {
    const login = await logInAs();
    const other = await openLogin(login.user);
    const { refreshToken } = await refreshed(login.refreshToken);
    await refreshed(refreshToken);
    expect(await refresh(login.refreshToken)).toMatchObject(REFUSED);
    expect(await statusOfMe(other.accessToken)).toBe(200);
  });

  it('keeps to the seven days of the log-in, however often it was refreshed', async () => {
    const login = await logInAs();
    setClock({ offsetMs: 6 * 24 * 3600 * 1000 });
    const { refreshToken } = await refreshed(login.refreshToken);
    setClock({ offsetMs: 7 * 24 * 3600 * 1000 + 1000 });
    expect(await refresh(refreshToken)).toMatchObject(REFUSED);
  });

  it.each([
    ['unknown', () => randomToken()],
    ['empty-looking', () => ' '],
    ['an access token', async () => (await logInAs()).accessToken.slice(0, 200)],
  ])('that is %s is 401', async (_what, make) => {
    expect(await refresh(await make())).toMatchObject(REFUSED);
  });

  it.each([[{ $ne: null }], [['a']], [7], [''], [undefined], ['x'.repeat(201)]])('%j is 400', async (token) => {
    expect(await refresh(token)).toMatchObject({ status: 400, body: { error: { code: 'validation_failed' } } });
  });

  it.each([
    ['suspended', { status: 'suspended' }],
    ['ended everywhere', { sessionVersion: 1 }],
  ])('of an account that was %s is 401, and so is its access token', async (_what, change) => {
    const login = await logInAs();
    await UserModel.updateOne({ _id: login.userId }, { $set: change });
    expect(await refresh(login.refreshToken)).toMatchObject(REFUSED);
    expect(await statusOfMe(login.accessToken)).toBe(401);
  });
});
