import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { listSessionsRoute } from '../../../src/modules/auth/sessions/sessions.schema.ts';
import { listSessions } from '../../../src/modules/auth/sessions/sessions.service.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { explainQueries } from '../../support/watch-commands.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

const SESSIONS = '/api/v1/auth/sessions';
const CHROME_ON_ANDROID =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36';

interface Listed {
  data: { id: string; device: string; isCurrent: boolean }[];
  page: { nextCursor: string | null; hasMore: boolean };
}

async function list({ headers }: Login, query = ''): Promise<Listed> {
  const res = await app.request.get(SESSIONS + query).set(headers);
  expect(res.status).toBe(200);
  return res.body as Listed;
}

async function statusOfMe({ headers }: Login): Promise<number> {
  return (await app.request.get('/api/v1/me').set(headers)).status;
}

const auditOf = (event: 'auth.session_ended' | 'auth.logged_out_everywhere') => AuditModel.find({ event }).lean();

describe('GET /auth/sessions', () => {
  it('shows device, address and last use of each, and which one asks', async () => {
    const user = await createUser();
    const logIn = app.request.post('/api/v1/auth/login').set('User-Agent', CHROME_ON_ANDROID);
    const loggedIn = await logIn.send({ email: user.email, password: PASSWORD });
    const { accessToken } = loggedIn.body as { accessToken: string };
    const res = await app.request.get(SESSIONS).set('Authorization', `Bearer ${accessToken}`);
    expectContract(listSessionsRoute, res);
    const row = await SessionModel.findOne({ userId: user._id }).lean();
    expect(res.body).toEqual({
      data: [
        {
          id: row?._id,
          device: 'Chrome on Android',
          userAgent: CHROME_ON_ANDROID,
          method: 'password',
          address: expect.stringContaining('127.0.0.1') as unknown,
          createdAt: row?.createdAt.toISOString(),
          lastUsedAt: row?.lastUsedAt.toISOString(),
          expiresAt: row?.expiresAt.toISOString(),
          isCurrent: true,
        },
      ],
      page: { limit: 20, nextCursor: null, hasMore: false },
    });
  });

  it('lists the live ones of the person alone, the latest first', async () => {
    const first = await logInAs();
    const revoked = await openLogin(first.user);
    const expired = await openLogin(first.user);
    const last = await openLogin(first.user);
    await logInAs();
    await SessionModel.updateOne({ _id: revoked.sessionId }, { revokedAt: now() });
    await SessionModel.updateOne({ _id: expired.sessionId }, { expiresAt: addMs(now(), -1) });
    const { data } = await list(first);
    expect(data.map(({ id, isCurrent }) => [id, isCurrent])).toEqual([
      [last.sessionId, false],
      [first.sessionId, true],
    ]);
  });

  it('leaves those out that ended with all others, though nobody touched their rows', async () => {
    const before = await logInAs();
    await app.request.post('/api/v1/auth/logout-all').set(before.headers).expect(204);
    const user = await UserModel.findById(before.userId).orFail().lean();
    const after = await openLogin(user);
    expect((await list(after)).data.map(({ id }) => id)).toEqual([after.sessionId]);
  });

  it('goes on page by page', async () => {
    const first = await logInAs();
    await openLogin(first.user);
    const last = await openLogin(first.user);
    const page = await list(first, '?limit=2');
    expect(page.data[0]?.id).toBe(last.sessionId);
    const rest = await list(first, `?limit=2&cursor=${page.page.nextCursor}`);
    expect(rest.data.map(({ id }) => id)).toEqual([first.sessionId]);
    expect(rest.page).toMatchObject({ nextCursor: null, hasMore: false });
    const stranger = await logInAs();
    const foreign = await app.request.get(`${SESSIONS}?cursor=${page.page.nextCursor}`).set(stranger.headers);
    expect(foreign.status).toBe(400);
  });

  it('walks its index, whatever has ended before', async () => {
    const login = await logInAs();
    for (let n = 0; n < 10; n += 1) await openLogin(login.user);
    await SessionModel.updateMany({ userId: login.userId }, { revokedAt: now() });
    const live = await openLogin(login.user);
    const actor = { userId: login.userId, sessionId: live.sessionId, roles: login.user.roles };
    const plans = await explainQueries(() => listSessions({ limit: 20 }, actor));
    const plan = plans.find(({ command }) => command === 'find sessions');
    expect(new Set(plan?.indexes)).toEqual(new Set(['userId_1_revokedAt_1__id_-1']));
    expect(plan?.docsExamined).toBe(1);
    expect(plan?.stages).not.toContain('SORT');
  });
});

describe('DELETE /auth/sessions/:sessionId', () => {
  it('ends that session with all its tokens, and no other', async () => {
    const phone = await logInAs();
    const laptop = await openLogin(phone.user);
    await app.request.delete(`${SESSIONS}/${laptop.sessionId}`).set(phone.headers).expect(204);
    expect([await statusOfMe(laptop), await statusOfMe(phone)]).toEqual([401, 200]);
    const { refreshToken } = laptop;
    const refreshed = await app.request.post('/api/v1/auth/refresh').send({ refreshToken });
    expect(refreshed.status).toBe(401);
    expect(await SessionModel.findById(laptop.sessionId).lean()).toMatchObject({ revokedReason: 'ended' });
    expect(await auditOf('auth.session_ended')).toMatchObject([{ actorId: phone.userId, subjectId: laptop.sessionId }]);
  });

  it('of one that has ended, or of somebody else, is 404 and leaves no line', async () => {
    const [mine, foreign] = [await logInAs(), await logInAs()];
    const ended = await openLogin(mine.user);
    await SessionModel.updateOne({ _id: ended.sessionId }, { revokedAt: now() });
    for (const { sessionId } of [ended, foreign]) {
      const res = await app.request.delete(`${SESSIONS}/${sessionId}`).set(mine.headers);
      expect(res).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    }
    expect(await statusOfMe(foreign)).toBe(200);
    expect(await auditOf('auth.session_ended')).toEqual([]);
  });
});

describe('POST /auth/logout-all', () => {
  it('ends every session of the account, the asking one too, and nobody else’s', async () => {
    const phone = await logInAs();
    const laptop = await openLogin(phone.user);
    const stranger = await logInAs();
    const res = await app.request.post('/api/v1/auth/logout-all').set(phone.headers);
    expect(res.status).toBe(204);
    expect(res.headers['set-cookie']).toMatchObject([expect.stringMatching(/^__Host-quickbite-refresh=;/)]);
    expect([await statusOfMe(phone), await statusOfMe(laptop), await statusOfMe(stranger)]).toEqual([401, 401, 200]);
    expect(await auditOf('auth.logged_out_everywhere')).toMatchObject([
      { actorId: phone.userId, subjectId: phone.userId, address: expect.stringContaining('127.0.0.1') as unknown },
    ]);
  });
});
