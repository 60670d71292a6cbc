import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signInWith } from '../../../scripts/local-cloud/control-client.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { beginRound } from '../../../src/modules/auth/codes/code-state.ts';
import { issueCode } from '../../../src/modules/auth/codes/codes.service.ts';
import { AccountLinkModel } from '../../../src/modules/auth/links/account-link.model.ts';
import { issueLink } from '../../../src/modules/auth/links/account-links.service.ts';
import { resetPassword } from '../../../src/modules/auth/passwords/passwords.service.ts';
import { SecondFactorModel } from '../../../src/modules/auth/second-factor/second-factor.model.ts';
import { holdSession } from '../../../src/modules/auth/sessions/sessions.service.ts';
import { IdentityModel } from '../../../src/modules/auth/social/identity.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { now, setClock } from '../../../src/shared/clock.ts';
import { PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { mailResetLink } from '../../support/links.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { createGuardedUser } from '../../support/second-factor.ts';
import { comeBack, openPage, RETURN_TO, signInAt } from '../../support/social.ts';

/* What was asked for with a password, or from a session, must not outlive it: not even when the two meet. */

const NEXT = 'thief@example.com';
const PHONE = '+919955501234';
const ROUNDS = 20;

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

function post(path: string, { headers }: Login, body: object) {
  return app.request.post(`/api/v1${path}`).set(headers).send(body);
}

/** Two sessions of one account: the thief's and the owner's. */
async function twoSessions(): Promise<{ thief: Login; owner: Login }> {
  const thief = await logInAs();
  return { thief, owner: await openLogin(thief.user) };
}

function changePassword(owner: Login) {
  return post('/auth/password/change', owner, { currentPassword: PASSWORD, newPassword: 'seven lazy herons' });
}

/** Spread over the time that the other request needs, so that every meeting of the two comes up. */
function delayOf(round: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, (round % 10) * 2));
}

describe('a change of e-mail that meets a change of the password', () => {
  it('does not survive it, in any of twenty rounds', async () => {
    const moved: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await resetRateLimits();
      const { thief, owner } = await twoSessions();
      const [, changed] = await Promise.all([
        delayOf(round).then(() => post('/auth/email/change', thief, { email: NEXT, password: PASSWORD })),
        changePassword(owner),
      ]);
      expect(changed.status).toBe(200);
      const link = await AccountLinkModel.findOne({ userId: thief.userId }).lean();
      const issued = link === null ? null : await issueLink(link._id);
      const { accessToken } = changed.body as { accessToken: string };
      const headers = { Authorization: `Bearer ${accessToken}` };
      if (issued !== null)
        await app.request.post('/api/v1/auth/email/verify').set(headers).send({ token: issued.token });
      if ((await UserModel.findById(thief.userId).lean())?.email === NEXT) moved.push(round);
      await emptyCollections();
    }
    expect(moved).toEqual([]);
  });
});

describe('a session that has ended', () => {
  it.each([
    ['a log-out', (login: Login) => post('/auth/logout', login, { refreshToken: login.refreshToken })],
    ['a log-out everywhere', (login: Login) => post('/auth/logout-all', login, {})],
    ['a new password', changePassword],
  ])('by %s is not held by what it began before', async (_what, end) => {
    const login = await logInAs();
    const actor = { userId: login.userId, sessionId: login.sessionId, roles: ['customer'] as const };
    expect(await withTransaction((tx) => holdSession(tx, actor))).toMatchObject({ _id: login.sessionId });
    expect((await end(login)).status).toBeLessThan(300);
    await expect(withTransaction((tx) => holdSession(tx, actor))).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('while a phone is proven, leaves the account without it', async () => {
    const kept: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      await resetRateLimits();
      const { thief, owner } = await twoSessions();
      const { userId } = thief;
      const request = { purpose: 'verify-phone', channel: 'sms', target: PHONE, holderId: userId } as const;
      const code = (await issueCode(await beginRound(request)))?.code;
      const [proven, ended] = await Promise.all([
        post('/auth/phone/verify', thief, { phone: PHONE, code }),
        post('/auth/logout-all', owner, {}),
      ]);
      expect(ended.status).toBeLessThan(300);
      const isProven = (await UserModel.findById(userId).lean())?.phone === PHONE;
      if (isProven !== (proven.status === 204)) kept.push(round);
      const events = await AuditModel.find({ subjectId: userId }).sort({ at: 1 }).lean();
      // Either it came first, or not at all.
      if (isProven) expect(events.map(({ event }) => event)).toEqual(['phone.verified', 'auth.logged_out_everywhere']);
      await emptyCollections();
    }
    expect(kept).toEqual([]);
  });
});

describe('the end of the account that meets a change of the password', () => {
  it('comes to pass only if it came first, in any of twenty rounds', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await resetRateLimits();
      const { thief, owner } = await twoSessions();
      const body = { password: PASSWORD, confirm: 'delete my account' };
      const [deleted, changed] = await Promise.all([
        delayOf(round).then(() => app.request.delete('/api/v1/me').set(thief.headers).send(body)),
        changePassword(owner),
      ]);
      expect([deleted.status, changed.status].filter((status) => status < 300)).toHaveLength(1);
      const row = await UserModel.findById(thief.userId).lean();
      expect(row?.status).toBe(deleted.status === 204 ? 'deleted' : 'active');
      await emptyCollections();
    }
  });
});

describe('a reset that meets the first proof of the address', () => {
  it('leaves the second factor whole or takes it whole: nobody is locked out', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { user } = await createGuardedUser({ emailVerifiedAt: null });
      const { token } = await mailResetLink(user);
      await Promise.all([
        resetPassword({ token, password: 'seven lazy herons' }),
        delayOf(round).then(() => UserModel.updateOne({ _id: user._id }, { $set: { emailVerifiedAt: now() } })),
      ]);
      const row = await UserModel.findById(user._id).lean();
      expect(await SecondFactorModel.countDocuments({ _id: user._id })).toBe(row?.hasSecondFactor === true ? 1 : 0);
    }
  });
});

describe('a stolen access token', () => {
  it.each([
    ['to prove another phone', 'post /auth/phone/verify/request', { phone: PHONE }],
    ['to add a provider', 'post /auth/oauth/google/link', { returnTo: RETURN_TO, codeChallenge: 'a'.repeat(43) }],
    ['to take a provider off', 'delete /auth/identities/google', {}],
    ['to take the phone off', 'delete /auth/phone', {}],
  ])('alone is refused %s, with a wrong password too', async (_what, route, body) => {
    const [method, path] = route.split(' ') as ['post' | 'delete', string];
    const { headers } = await logInAs({ phone: '+919955500001', phoneVerifiedAt: now() });
    for (const shown of [{}, { password: 'wrong horse' }]) {
      const res = await app.request[method](`/api/v1${path}`)
        .set(headers)
        .send({ ...body, ...shown });
      expect([res.status, errorOf(res).code]).toEqual([422, 'password_wrong']);
    }
  });

  it('of an account without a password is refused where the log-in is older than ten minutes', async () => {
    const { headers } = await logInAs({ passwordHash: null });
    const request = () => app.request.post('/api/v1/auth/phone/verify/request').set(headers).send({ phone: PHONE });
    setClock({ offsetMs: 601_000 });
    const res = await request();
    expect([res.status, errorOf(res).code]).toEqual([422, 'log_in_again']);
    setClock(null);
    expect((await request()).status).toBe(202);
  });

  it('with the code of a provider adds it no more after a log-out everywhere', async () => {
    await signInWith(localCloud.googleUrl, { sub: '77', email: 'p@example.net', emailVerified: false, name: 'A' });
    const { thief, owner } = await twoSessions();
    const page = openPage();
    const begun = await post('/auth/oauth/google/link', thief, {
      returnTo: RETURN_TO,
      codeChallenge: page.codeChallenge,
      password: PASSWORD,
    });
    const { authorizationUrl } = begun.body as { authorizationUrl: string };
    const code = (await comeBack(app, await signInAt(authorizationUrl))).searchParams.get('code') ?? '';
    await post('/auth/logout-all', owner, {});
    const res = await post('/auth/oauth/link', thief, { code, codeVerifier: page.codeVerifier });
    expect(res.status).toBe(401);
    expect(await IdentityModel.countDocuments()).toBe(0);
  });
});
