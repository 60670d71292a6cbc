import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import supertest from 'supertest';
import { config } from '../../src/config/index.ts';
import { AuditModel } from '../../src/infra/audit/audit.model.ts';
import { metricsRegistry } from '../../src/infra/observability/index.ts';
import { RefreshTokenModel } from '../../src/modules/auth/sessions/refresh-token.model.ts';
import { SessionModel } from '../../src/modules/auth/sessions/session.model.ts';
import { addMs, setClock } from '../../src/shared/clock.ts';
import { emptyAllCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { atOnce } from '../support/at-once.ts';
import { logInAs, openLogin } from '../support/log-in.ts';
import { startApi, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';

const GRACE_MS = config.auth.refreshGraceSeconds * 1000;

/** One API in this process, whose clock we hold, and one elsewhere. */
let app: TestApp;
let elsewhere: ApiProcess;
beforeAll(async () => {
  app = await startTestApp();
  elsewhere = await startApi();
});
beforeEach(resetRateLimits);
afterEach(async () => {
  setClock(null);
  await emptyAllCollections();
});
afterAll(() => app.stop());

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

function refresh(refreshToken: string, base = app.url) {
  return supertest(base).post('/api/v1/auth/refresh').send({ refreshToken });
}

async function refreshed(refreshToken: string, base = app.url): Promise<Tokens> {
  const res = await refresh(refreshToken, base);
  expect(res.status).toBe(200);
  return res.body as Tokens;
}

async function statusOfMe({ accessToken }: { accessToken: string }, base = app.url): Promise<number> {
  return (await supertest(base).get('/api/v1/me').set('Authorization', `Bearer ${accessToken}`)).status;
}

const REFUSED = { status: 401, body: { error: { code: 'refresh_token_invalid' } } };
const reuseNotes = () => AuditModel.find({ event: 'auth.refresh_reused' }).lean();

async function reusesCounted(): Promise<number> {
  const metric = await metricsRegistry.getSingleMetric('quickbite_refresh_reuse_total')?.get();
  return metric?.values[0]?.value ?? 0;
}

describe('case 05: a refresh token that has been spent', () => {
  it('sent again once its child is spent ends the family on every API: refresh tokens, access tokens, one note', async () => {
    const counted = await reusesCounted();
    const login = await logInAs();
    const child = await refreshed(login.refreshToken);
    const grandchild = await refreshed(child.refreshToken);
    expect(await refresh(login.refreshToken)).toMatchObject(REFUSED);
    // Asked once, at once.
    for (const token of [login, child, grandchild]) {
      for (const base of [app.url, elsewhere.base]) expect(await statusOfMe(token, base)).toBe(401);
    }
    for (const { refreshToken } of [grandchild, child, login]) {
      for (const base of [app.url, elsewhere.base]) expect(await refresh(refreshToken, base)).toMatchObject(REFUSED);
    }
    expect(await SessionModel.findById(login.sessionId).lean()).toMatchObject({ revokedReason: 'reuse' });
    expect(await reuseNotes()).toMatchObject([
      { actorId: null, subjectId: login.userId, after: { sessionId: login.sessionId } },
    ]);
    expect(await reusesCounted()).toBe(counted + 1);
  });

  it('sent again after the grace ends the family, though its child is unspent', async () => {
    const login = await logInAs();
    setClock({ frozenAt: login.user.createdAt });
    const child = await refreshed(login.refreshToken);
    setClock({ frozenAt: addMs(login.user.createdAt, GRACE_MS + 1) });
    expect(await refresh(login.refreshToken)).toMatchObject(REFUSED);
    expect(await refresh(child.refreshToken)).toMatchObject(REFUSED);
    expect(await statusOfMe(child)).toBe(401);
    expect(await reuseNotes()).toHaveLength(1);
  });

  it('sent by ten at once after the grace leaves one note and counts once', async () => {
    const counted = await reusesCounted();
    const login = await logInAs();
    await refreshed(login.refreshToken);
    setClock({ offsetMs: GRACE_MS + 1000 });
    const answers = await atOnce([app.url], 10, () => refresh(login.refreshToken));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(401));
    expect(await reuseNotes()).toHaveLength(1);
    expect(await reusesCounted()).toBe(counted + 1);
  });

  it('leaves the other devices of the person alone', async () => {
    const login = await logInAs();
    const other = await openLogin(login.user);
    const child = await refreshed(login.refreshToken);
    await refreshed(child.refreshToken);
    expect(await refresh(login.refreshToken)).toMatchObject(REFUSED);
    expect(await statusOfMe(other)).toBe(200);
    await refreshed(other.refreshToken);
  });
});

describe('case 05: an answer that was lost', () => {
  it('can be asked for again until the last moment of the grace, on any API, and brings the same child', async () => {
    const login = await logInAs();
    setClock({ frozenAt: login.user.createdAt });
    const first = await refreshed(login.refreshToken);
    setClock({ frozenAt: addMs(login.user.createdAt, GRACE_MS) });
    const second = await refreshed(login.refreshToken);
    const third = await refreshed(login.refreshToken, elsewhere.base);
    expect([second.refreshToken, third.refreshToken]).toEqual([first.refreshToken, first.refreshToken]);
    expect(await RefreshTokenModel.countDocuments({ sessionId: login.sessionId })).toBe(2);
    for (const tokens of [first, second, third]) expect(await statusOfMe(tokens)).toBe(200);
    await refreshed(first.refreshToken);
    expect(await reuseNotes()).toEqual([]);
  });

  it('of a session that has ended meanwhile is lost for good', async () => {
    const login = await logInAs();
    const { refreshToken } = await refreshed(login.refreshToken);
    await app.request.post('/api/v1/auth/logout').send({ refreshToken }).expect(204);
    expect(await refresh(login.refreshToken)).toMatchObject(REFUSED);
    expect(await reuseNotes()).toEqual([]);
  });

  it('is not stored: nothing in the database can be sent', async () => {
    const login = await logInAs();
    const { refreshToken } = await refreshed(login.refreshToken);
    const stored = [
      await RefreshTokenModel.find().lean(),
      await SessionModel.find().lean(),
      await AuditModel.find().lean(),
    ];
    expect(JSON.stringify(stored)).not.toContain(refreshToken);
    for (const { _id } of await RefreshTokenModel.find().lean()) {
      expect(errorOf(await refresh(_id)).code).toBe('refresh_token_invalid');
    }
  });
});

describe('case 05: one refresh token sent by twenty at once to two APIs', () => {
  it('never makes two live children: whoever is answered gets the same one', async () => {
    const login = await logInAs();
    const bases = [app.url, elsewhere.base];
    const answers = await atOnce(bases, 20, (n) => refresh(login.refreshToken, bases[n % 2]));
    const won = answers.filter(({ status }) => status === 200).map(({ body }) => body as Tokens);
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(won.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    const rows = await RefreshTokenModel.find({ sessionId: login.sessionId }).lean();
    expect(rows.map(({ spentAt }) => spentAt === null).toSorted()).toEqual([false, true]);
    const sessions = await SessionModel.find({ userId: login.userId, revokedAt: null }).lean();
    expect(sessions.map(({ _id }) => _id)).toEqual([login.sessionId]);
  });

  it('and its child at once ends with one live token at most, and none outside the family', async () => {
    const login = await logInAs();
    const child = await refreshed(login.refreshToken);
    await atOnce([app.url], 20, (n) => refresh(n % 2 === 0 ? login.refreshToken : child.refreshToken));
    const unspent = await RefreshTokenModel.countDocuments({ sessionId: login.sessionId, spentAt: null });
    expect(unspent).toBeLessThanOrEqual(1);
    // Once the child is spent for all to see, the parent is a stolen one.
    expect(await refresh(login.refreshToken)).toMatchObject(REFUSED);
    expect(await SessionModel.findById(login.sessionId).lean()).toMatchObject({ revokedReason: 'reuse' });
    expect(await reuseNotes()).toHaveLength(1);
  });
});
