import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { AccountLinkModel } from '../../../src/modules/auth/links/account-link.model.ts';
import { issueLink } from '../../../src/modules/auth/links/account-links.service.ts';
import { UserModel, type UserRow } from '../../../src/modules/users/user.model.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { mailChangeLink, mailLink, mailResetLink } from '../../support/links.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

const NEXT = 'next@example.com';
const REFUSED = { status: 400, body: { error: { code: 'link_invalid' } } };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

/** In a session of the account as it is now. */
async function verify(token: unknown, { _id }: { _id: string }) {
  const row = await UserModel.findById(_id).lean<UserRow>();
  const { headers } = await openLogin(row ?? (await createUser()));
  return app.request.post('/api/v1/auth/email/verify').set(headers).send({ token });
}

function askAgain({ headers }: Login) {
  return app.request.post('/api/v1/auth/email/verify/request').set(headers);
}

function changeEmail({ headers }: Login, body: object) {
  return app.request.post('/api/v1/auth/email/change').set(headers).send(body);
}

function mailVerifyLink({ _id: userId, email }: UserRow) {
  return mailLink({ kind: 'verify', email, userId });
}

function rowOf(userId: string) {
  return UserModel.findById(userId).lean();
}

describe('POST /auth/signup', () => {
  it('promises the mail that proves the address', async () => {
    const asha = { email: 'asha@example.com', password: 'correct horse battery', name: 'Asha Rao' };
    const res = await app.request.post('/api/v1/auth/signup').send(asha);
    const { user } = res.body as { user: { id: string } };
    const link = await AccountLinkModel.findOne({ userId: user.id }).lean();
    expect(link).toMatchObject({ kind: 'verify', email: asha.email });
    expect(await OutboxModel.findOne({ event: 'auth.link_requested' }).lean()).toMatchObject({
      payload: { linkId: link?._id, kind: 'verify' },
    });
    const issued = await issueLink(link?._id ?? '');
    expect((await verify(issued?.token, { _id: user.id })).status).toBe(204);
    expect((await rowOf(user.id))?.emailVerifiedAt).not.toBeNull();
  });
});

describe('POST /auth/email/verify', () => {
  it('proves the address, once, and is audited', async () => {
    const user = await createUser({ emailVerifiedAt: null });
    const { token } = await mailVerifyLink(user);
    const res = await verify(token, user);
    expect({ status: res.status, text: res.text }).toEqual({ status: 204, text: '' });
    expect((await rowOf(user._id))?.emailVerifiedAt).toBeInstanceOf(Date);
    expect(await AuditModel.countDocuments({ event: 'email.verified', subjectId: user._id })).toBe(1);
    expect(await verify(token, user)).toMatchObject(REFUSED);
  });

  it('leaves the sessions of the account alone', async () => {
    const login = await logInAs({ emailVerifiedAt: null });
    await verify((await mailVerifyLink(login.user)).token, login.user);
    expect((await app.request.get('/api/v1/me').set(login.headers)).status).toBe(200);
  });

  it('with the link of an address that the account no longer has is refused, and proves nothing', async () => {
    const user = await createUser({ emailVerifiedAt: null });
    const { token } = await mailVerifyLink(user);
    await UserModel.updateOne({ _id: user._id }, { $set: { email: NEXT } });
    expect(await verify(token, user)).toMatchObject(REFUSED);
    expect(await rowOf(user._id)).toMatchObject({ emailVerifiedAt: null });
  });

  it('with a link that sets a password is refused, and that link stays good', async () => {
    const user = await createUser();
    const { token } = await mailResetLink(user);
    expect(await verify(token, user)).toMatchObject(REFUSED);
    expect(await AccountLinkModel.findOne().lean()).toMatchObject({ usedAt: null });
  });

  it('without a session is 401 and proves nothing: a click vouches for no account of a stranger', async () => {
    const user = await createUser({ emailVerifiedAt: null });
    const { token } = await mailVerifyLink(user);
    expect((await app.request.post('/api/v1/auth/email/verify').send({ token })).status).toBe(401);
    expect(await rowOf(user._id)).toMatchObject({ emailVerifiedAt: null });
    expect(await AccountLinkModel.findOne().lean()).toMatchObject({ usedAt: null });
  });

  it.each(['verify', 'change_email'] as const)(
    'in a session of another account is refused, and the link (%s) stays good for its own',
    async (kind) => {
      const user = await createUser({ emailVerifiedAt: null });
      const { token } = kind === 'verify' ? await mailVerifyLink(user) : await mailChangeLink(user, NEXT);
      const { user: stranger } = await logInAs();
      expect(await verify(token, stranger)).toMatchObject(REFUSED);
      expect(await rowOf(user._id)).toMatchObject({ email: user.email, emailVerifiedAt: null });
      expect(await rowOf(stranger._id)).toMatchObject({ email: stranger.email });
      expect((await verify(token, user)).status).toBe(204);
    },
  );
});

describe('POST /auth/email/verify/request', () => {
  it('promises the mail once more, five times an hour', async () => {
    const login = await logInAs({ emailVerifiedAt: null });
    const answers = [];
    for (let n = 0; n < 6; n += 1) answers.push(await askAgain(login));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429]);
    expect(await OutboxModel.countDocuments({ event: 'auth.link_requested' })).toBe(5);
  });

  it('of an address that is proven already is 409 and mails nothing', async () => {
    const res = await askAgain(await logInAs());
    expect(res).toMatchObject({ status: 409, body: { error: { code: 'email_already_verified' } } });
    expect(await OutboxModel.countDocuments()).toBe(0);
  });

  it('without a token is 401', async () => {
    expect((await app.request.post('/api/v1/auth/email/verify/request')).status).toBe(401);
  });
});

describe('POST /auth/email/change', () => {
  it('changes nothing yet, and promises a mail to the new address', async () => {
    const login = await logInAs();
    const res = await changeEmail(login, { email: ' NEXT@example.com', password: PASSWORD });
    expect({ status: res.status, text: res.text }).toEqual({ status: 202, text: '' });
    expect(await rowOf(login.userId)).toMatchObject({ email: login.user.email });
    const link = await AccountLinkModel.findOne().lean();
    expect(link).toMatchObject({ kind: 'change_email', email: NEXT, previousEmail: login.user.email });
    expect(await issueLink(link?._id ?? '')).toMatchObject({ to: NEXT });
    expect(await AuditModel.find({ event: 'email.change_requested' }).lean()).toMatchObject([
      { actorId: login.userId, subjectId: login.userId, after: { email: 'n***@example.com' } },
    ]);
  });

  it('followed by the link moves the account, is audited without whole addresses, and promises the old one a notice', async () => {
    const { user } = await logInAs({ email: 'asha@example.com' });
    const { linkId, token } = await mailChangeLink(user, NEXT);
    await OutboxModel.deleteMany({});
    expect((await verify(token, user)).status).toBe(204);
    const row = await rowOf(user._id);
    expect(row).toMatchObject({ email: NEXT, emailVerifiedAt: expect.any(Date) as unknown, sessionVersion: 1 });
    expect(await AuditModel.findOne({ event: 'email.changed' }).lean()).toMatchObject({
      subjectId: user._id,
      before: { email: 'a***@example.com' },
      after: { email: 'n***@example.com' },
    });
    expect(await OutboxModel.find().lean()).toMatchObject([
      { event: 'auth.account_changed', payload: { userId: user._id, noticeId: linkId, change: 'email_changed' } },
    ]);
  });

  it('followed by the link ends every session and every refresh token, also that of the one who followed it', async () => {
    const { user, headers, refreshToken } = await logInAs();
    const { token } = await mailChangeLink(user, NEXT);
    const res = await app.request.post('/api/v1/auth/email/verify').set(headers).send({ token });
    expect(res.status).toBe(204);
    expect((await app.request.get('/api/v1/me').set(headers)).status).toBe(401);
    expect((await app.request.post('/api/v1/auth/refresh').send({ refreshToken })).status).toBe(401);
    const again = await app.request.post('/api/v1/auth/login').send({ email: NEXT, password: PASSWORD });
    expect(again.status).toBe(200);
  });

  it('from an address that was never proven promises that address no notice: it may be a stranger’s', async () => {
    const { user } = await logInAs({ emailVerifiedAt: null });
    const { token } = await mailChangeLink(user, NEXT);
    expect((await verify(token, user)).status).toBe(204);
    expect(await OutboxModel.countDocuments({ event: 'auth.account_changed' })).toBe(0);
  });

  it('followed by a log-out everywhere, a suspension or a new password, is dead: the link moves nothing', async () => {
    const user = await createUser();
    const { token } = await mailChangeLink(user, NEXT);
    await UserModel.updateOne({ _id: user._id }, { $inc: { sessionVersion: 1 } });
    expect(await verify(token, user)).toMatchObject(REFUSED);
    expect(await rowOf(user._id)).toMatchObject({ email: user.email });
  });

  it('followed by the link kills what was mailed to the old address', async () => {
    const user = await createUser();
    const [reset, change] = [await mailResetLink(user), await mailChangeLink(user, NEXT)];
    await verify(change.token, user);
    const body = { token: reset.token, password: 'seven lazy herons' };
    expect(await app.request.post('/api/v1/auth/password/reset').send(body)).toMatchObject(REFUSED);
  });

  it('to an address that somebody takes meanwhile is 409 at the link, and the link stays good', async () => {
    const user = await createUser();
    const { token } = await mailChangeLink(user, NEXT);
    const other = await createUser({ email: NEXT });
    expect(await verify(token, user)).toMatchObject({ status: 409, body: { error: { code: 'email_taken' } } });
    expect(await rowOf(user._id)).toMatchObject({ email: user.email });
    await UserModel.updateOne({ _id: other._id }, { $set: { email: 'gone@example.com' } });
    expect((await verify(token, user)).status).toBe(204);
  });

  it('of twenty accounts to one address at once moves one', async () => {
    const users = await Promise.all(Array.from({ length: 20 }, () => createUser()));
    const links = await Promise.all(users.map((user) => mailChangeLink(user, NEXT)));
    const answers = await Promise.all(links.map(({ token }, n) => verify(token, users[n] ?? { _id: '' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array.from({ length: 19 }, () => 409)]);
    expect(await UserModel.countDocuments({ email: NEXT })).toBe(1);
  });

  it.each([
    ['a wrong password', {}, { password: 'wrong horse', code: 'password_wrong' }],
    ['an account without a password', { passwordHash: null }, { password: PASSWORD, code: 'password_not_set' }],
    ['the address it has already', { email: NEXT }, { password: PASSWORD, code: 'email_taken' }],
  ])('with %s is refused and mails nothing', async (_what, changes, { password, code }) => {
    const res = await changeEmail(await logInAs(changes), { email: NEXT, password });
    expect(res.body).toMatchObject({ error: { code } });
    expect(await AccountLinkModel.countDocuments()).toBe(0);
  });

  it('is 429 after five in an hour, by the account that asks: nobody uses up another’s', async () => {
    const login = await logInAs();
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1)
      statuses.push((await changeEmail(login, { email: NEXT, password: PASSWORD })).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
    expect((await changeEmail(await logInAs(), { email: NEXT, password: PASSWORD })).status).toBe(202);
    const forgot = await app.request.post('/api/v1/auth/password/forgot').send({ email: NEXT });
    expect(forgot.status).toBe(202);
  });
});
