import { compareSync } from 'bcryptjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { AccountLinkModel } from '../../../src/modules/auth/links/account-link.model.ts';
import { issueLink } from '../../../src/modules/auth/links/account-links.service.ts';
import { SecondFactorModel } from '../../../src/modules/auth/second-factor/second-factor.model.ts';
import { IdentityModel } from '../../../src/modules/auth/social/identity.model.ts';
import { UserModel, type UserRow } from '../../../src/modules/users/user.model.ts';
import { now, setClock } from '../../../src/shared/clock.ts';
import { createIdentity } from '../../factories/identity.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { mailChangeLink, mailLink, mailResetLink } from '../../support/links.ts';
import { openLogin } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { createGuardedUser } from '../../support/second-factor.ts';
import { explainQueries } from '../../support/watch-commands.ts';

const NEW_PASSWORD = 'seven lazy herons';
const REFUSED = { status: 400, body: { error: { code: 'link_invalid' } } };

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

function reset(token: unknown, password: unknown = NEW_PASSWORD) {
  return app.request.post('/api/v1/auth/password/reset').send({ token, password });
}

function logIn(email: string, password: string) {
  return app.request.post('/api/v1/auth/login').send({ email, password });
}

describe('POST /auth/password/reset', () => {
  it('is 204; the new password opens the account, the old one does not', async () => {
    const user = await createUser();
    const { token } = await mailResetLink(user);
    const res = await reset(token);
    expect({ status: res.status, text: res.text }).toEqual({ status: 204, text: '' });
    expect((await logIn(user.email, PASSWORD)).status).toBe(401);
    expect((await logIn(user.email, NEW_PASSWORD)).status).toBe(200);
  });

  it('stores the hash and its time, proves the e-mail, is audited, and promises a notice', async () => {
    const user = await createUser({ emailVerifiedAt: null });
    const { token } = await mailResetLink(user);
    await OutboxModel.deleteMany({});
    await reset(token);
    const row = await UserModel.findById(user._id).lean();
    expect(compareSync(NEW_PASSWORD, row?.passwordHash ?? '')).toBe(true);
    expect(row).toMatchObject({
      passwordChangedAt: expect.any(Date) as unknown,
      emailVerifiedAt: expect.any(Date) as unknown,
      sessionVersion: 1,
    });
    expect(await AuditModel.findOne({ event: 'password.reset' }).lean()).toMatchObject({ subjectId: user._id });
    expect(await OutboxModel.find().lean()).toMatchObject([
      { event: 'auth.account_changed', payload: { userId: user._id, change: 'password_reset' } },
    ]);
  });

  it('keeps the time at which the e-mail was proven before', async () => {
    const user = await createUser();
    await reset((await mailResetLink(user)).token);
    const row = await UserModel.findById(user._id).lean();
    expect(row?.emailVerifiedAt).toEqual(user.emailVerifiedAt);
  });

  it('as the first proof of the address throws out what a squatter has added: phone, provider and second factor', async () => {
    const { user } = await createGuardedUser({
      emailVerifiedAt: null,
      phone: '+915550100777',
      phoneVerifiedAt: now(),
    });
    await createIdentity({ userId: user._id });
    const { token } = await mailResetLink(user);
    expect((await reset(token)).status).toBe(204);
    expect(await UserModel.findById(user._id).lean()).toMatchObject({
      phone: null,
      phoneVerifiedAt: null,
      hasSecondFactor: false,
      emailVerifiedAt: expect.any(Date) as Date,
    });
    expect([await IdentityModel.countDocuments(), await SecondFactorModel.countDocuments()]).toEqual([0, 0]);
    expect((await logIn(user.email, NEW_PASSWORD)).status).toBe(200);
  });

  it('of a proven address leaves phone, provider and second factor as they are', async () => {
    const { user } = await createGuardedUser({ phone: '+915550100777', phoneVerifiedAt: now() });
    await createIdentity({ userId: user._id });
    const { token } = await mailResetLink(user);
    expect((await reset(token)).status).toBe(204);
    expect(await UserModel.findById(user._id).lean()).toMatchObject({ phone: '+915550100777', hasSecondFactor: true });
    expect([await IdentityModel.countDocuments(), await SecondFactorModel.countDocuments()]).toEqual([1, 1]);
    const res = await logIn(user.email, NEW_PASSWORD);
    expect(res).toMatchObject({ status: 401, body: { error: { code: 'mfa_required' } } });
  });

  it('gives a password to an account that had none', async () => {
    const user = await createUser({ passwordHash: null });
    expect((await reset((await mailResetLink(user)).token)).status).toBe(204);
    expect((await logIn(user.email, NEW_PASSWORD)).status).toBe(200);
  });

  it('ends every session: access and refresh tokens are dead on the next request', async () => {
    const user = await createUser();
    const logins = [await openLogin(user), await openLogin(user)];
    await reset((await mailResetLink(user)).token);
    for (const { headers, refreshToken } of logins) {
      expect((await app.request.get('/api/v1/me').set(headers)).status).toBe(401);
      expect((await app.request.post('/api/v1/auth/refresh').send({ refreshToken })).status).toBe(401);
    }
  });

  it('kills the other open reset links and the open change of e-mail', async () => {
    const user = await createUser();
    const [used, other] = [await mailResetLink(user), await mailResetLink(user)];
    const change = await mailChangeLink(user, 'thief@example.com');
    await reset(used.token);
    expect(await reset(other.token, 'another good one')).toMatchObject(REFUSED);
    const { headers } = await openLogin((await UserModel.findById(user._id).lean<UserRow>()) ?? user);
    const moved = await app.request.post('/api/v1/auth/email/verify').set(headers).send({ token: change.token });
    expect(moved).toMatchObject(REFUSED);
    expect(await UserModel.findById(user._id).lean()).toMatchObject({ email: user.email });
  });

  it('with a link from before the newest mail of the same promise is refused, the newest is not', async () => {
    const user = await createUser();
    const { linkId, token: first } = await mailResetLink(user);
    const second = await issueLink(linkId);
    expect(await reset(first)).toMatchObject(REFUSED);
    expect((await reset(second?.token)).status).toBe(204);
  });

  it('works until the last second of its half hour, and not after', async () => {
    const user = await createUser();
    const { token } = await mailResetLink(user);
    setClock({ offsetMs: 1801 * 1000 });
    expect(await reset(token)).toMatchObject(REFUSED);
    setClock({ offsetMs: 1790 * 1000 });
    expect((await reset(token)).status).toBe(204);
  });

  it.each([
    ['suspended meanwhile', { status: 'suspended' }],
    ['moved to another e-mail meanwhile', { email: 'moved@example.com' }],
  ])('of an account that was %s is refused and changes nothing', async (_what, change) => {
    const user = await createUser();
    const { token } = await mailResetLink(user);
    await UserModel.updateOne({ _id: user._id }, { $set: change });
    expect(await reset(token)).toMatchObject(REFUSED);
    expect(await UserModel.findById(user._id).lean()).toMatchObject({ passwordHash: user.passwordHash });
  });

  it('with a link of another kind is refused', async () => {
    const user = await createUser({ emailVerifiedAt: null });
    const verify = await mailLink({ kind: 'verify', email: user.email, userId: user._id });
    const change = await mailChangeLink(user, 'next@example.com');
    for (const { token } of [verify, change]) expect(await reset(token)).toMatchObject(REFUSED);
  });

  it('with a password that is easy to guess is 422, and the link stays good', async () => {
    const user = await createUser({ email: 'asha.rao@example.com' });
    const { token } = await mailResetLink(user);
    for (const easy of ['password1', 'quickbite2026', 'asha.rao1', 'Asha-Rao99']) {
      const refused = await reset(token, easy);
      expect(refused).toMatchObject({ status: 422, body: { error: { code: 'password_too_common' } } });
    }
    expect((await reset(token)).status).toBe(204);
  });

  it('stores nothing that opens anything: no token stands in the database', async () => {
    const user = await createUser();
    const { token } = await mailResetLink(user);
    const rows = await AccountLinkModel.find().lean();
    expect(JSON.stringify(rows)).not.toContain(token);
    for (const { mac } of rows) expect(await reset(mac)).toMatchObject(REFUSED);
  });

  it('finds and closes links by an index', async () => {
    const user = await createUser();
    const { token } = await mailResetLink(user);
    await Promise.all(Array.from({ length: 20 }, async () => mailResetLink(await createUser())));
    const explained = await explainQueries(() => reset(token));
    const onLinks = explained.filter(({ command }) => command.endsWith('account_links'));
    expect(onLinks.length).toBeGreaterThanOrEqual(3);
    for (const { stages, docsExamined } of onLinks) {
      expect(stages).not.toContain('COLLSCAN');
      expect(docsExamined).toBeLessThanOrEqual(2);
    }
  });
});
