import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signInWith, type PersonInput } from '../../../scripts/local-cloud/control-client.ts';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { IdentityModel } from '../../../src/modules/auth/social/identity.model.ts';
import type { ProviderName } from '../../../src/modules/auth/social/provider-names.ts';
import { linkIdentityRoute, listIdentitiesRoute } from '../../../src/modules/auth/social/social.schema.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { answerOf } from '../../support/answer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { atOnce } from '../../support/at-once.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { summarizePlan } from '../../support/explain.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { comeBack, fetchCode, logInWith, openPage, RETURN_TO, signInAt, type Page } from '../../support/social.ts';

/** Not the e-mail of anybody's account: both are shown to be one's own by signing in. */
const PERSON: PersonInput = { sub: '77', email: 'private@example.net', emailVerified: false, name: 'A' };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  await resetRateLimits();
  await signIn(PERSON);
});
afterEach(emptyCollections);
afterAll(() => app.stop());

async function signIn(person: PersonInput): Promise<void> {
  await Promise.all([localCloud.googleUrl, localCloud.githubUrl].map((url) => signInWith(url, person)));
}

function begin(login: Login, provider: ProviderName, page: Page) {
  return app.request
    .post(`/api/v1/auth/oauth/${provider}/link`)
    .set(login.headers)
    .send({ returnTo: RETURN_TO, codeChallenge: page.codeChallenge, password: PASSWORD });
}

async function fetchLinkCode(login: Login, provider: ProviderName, page: Page): Promise<string> {
  const res = await begin(login, provider, page).expect(200);
  const { authorizationUrl } = res.body as { authorizationUrl: string };
  return (await comeBack(app, await signInAt(authorizationUrl))).searchParams.get('code') ?? '';
}

function redeem(login: Login, code: string, { codeVerifier }: Page) {
  return app.request.post('/api/v1/auth/oauth/link').set(login.headers).send({ code, codeVerifier });
}

async function link(login: Login, provider: ProviderName) {
  const page = openPage();
  return redeem(login, await fetchLinkCode(login, provider, page), page);
}

function unlink(login: Login, provider: ProviderName) {
  return app.request.delete(`/api/v1/auth/identities/${provider}`).set(login.headers).send({ password: PASSWORD });
}

describe('POST /auth/oauth/link', () => {
  it('with a code that its own account asked for, links the identity, with an audit row and a notice', async () => {
    const login = await logInAs();
    const res = await link(login, 'google');
    expect(res.status).toBe(200);
    expectContract(linkIdentityRoute, answerOf(res));
    expect(res.body).toMatchObject({ provider: 'google', email: 'private@example.net' });
    expect(await IdentityModel.findOne().lean()).toMatchObject({ userId: login.userId, subject: '77' });
    expect(await AuditModel.findOne({ event: 'auth.identity_linked' }).lean()).toMatchObject({
      actorId: login.userId,
      after: { provider: 'google' },
    });
    expect(await OutboxModel.findOne({ event: 'auth.account_changed' }).lean()).toMatchObject({
      payload: { userId: login.userId, change: 'identity_linked' },
    });
    const loggedIn = await logInWith(app, 'google');
    expect((loggedIn.body as { user: { id: string } }).user.id).toBe(login.userId);
  });

  it('for an identity that is linked already, answers the same and writes nothing', async () => {
    const login = await logInAs();
    const first = await link(login, 'google');
    const second = await link(login, 'google');
    expect(second.body).toEqual(first.body);
    expect(await OutboxModel.countDocuments({ event: 'auth.account_changed' })).toBe(1);
  });

  it('for an identity of another account, answers 409', async () => {
    await link(await logInAs(), 'github');
    const thief = await logInAs();
    const res = await link(thief, 'github');
    expect([res.status, errorOf(res).code]).toEqual([409, 'identity_taken']);
    expect(await IdentityModel.countDocuments({ userId: thief.userId })).toBe(0);
  });

  it('for a second identity of the same provider, answers 409', async () => {
    const login = await logInAs();
    await link(login, 'github');
    await signIn({ ...PERSON, sub: '78' });
    expect(errorOf(await link(login, 'github')).code).toBe('identity_taken');
  });

  it('with a code that another account asked for, refuses: nobody can be made to link a stranger’s identity', async () => {
    const [attacker, victim] = [await logInAs(), await logInAs()];
    const page = openPage();
    const code = await fetchLinkCode(attacker, 'google', page);
    const res = await redeem(victim, code, page);
    expect([res.status, errorOf(res).code]).toEqual([400, 'oauth_failed']);
    expect((await redeem(attacker, code, page)).status).toBe(400);
    expect(await IdentityModel.countDocuments()).toBe(0);
  });

  it('with a code of a log-in, or by another page, refuses', async () => {
    const login = await logInAs();
    const page = openPage();
    expect((await redeem(login, await fetchCode(app, 'google', page), page)).status).toBe(400);
    expect((await redeem(login, await fetchLinkCode(login, 'google', page), openPage())).status).toBe(400);
    expect(await IdentityModel.countDocuments()).toBe(0);
  });

  it('ten times at once with codes of their own, links once', async () => {
    const login = await logInAs();
    const pages = Array.from({ length: 10 }, openPage);
    const codes = await Promise.all(pages.map((page) => fetchLinkCode(login, 'google', page)));
    await resetRateLimits();
    const answers = await atOnce([app.url], 10, (index) =>
      redeem(login, codes[index] ?? '', pages[index] ?? openPage()),
    );
    expect(answers.filter(({ status }) => ![200, 409].includes(status))).toEqual([]);
    expect(await IdentityModel.countDocuments()).toBe(1);
    expect(await OutboxModel.countDocuments({ event: 'auth.account_changed' })).toBe(1);
  });
});

describe('GET /auth/identities', () => {
  it('lists one’s own, without the provider’s id', async () => {
    const [login, other] = [await logInAs(), await logInAs()];
    await link(login, 'google');
    await link(other, 'github');
    const res = await app.request.get('/api/v1/auth/identities').set(login.headers);
    expectContract(listIdentitiesRoute, answerOf(res));
    expect(res.body).toMatchObject({ data: [{ provider: 'google' }], page: { hasMore: false } });
    expect(res.text).not.toContain('77');
  });
});

describe('DELETE /auth/identities/:provider', () => {
  it('with a password left, unlinks, with an audit row and a notice', async () => {
    const login = await logInAs();
    await link(login, 'google');
    await unlink(login, 'google').expect(204);
    expect(await IdentityModel.countDocuments()).toBe(0);
    expect(await AuditModel.findOne({ event: 'auth.identity_unlinked' }).lean()).toMatchObject({
      actorId: login.userId,
      before: { provider: 'google' },
    });
    expect(await OutboxModel.distinct('payload.change')).toEqual(['identity_linked', 'identity_unlinked']);
    expect((await unlink(login, 'google')).status).toBe(404);
  });

  it('of the last way in, answers 422 and keeps it', async () => {
    const login = await logInAs({ passwordHash: null });
    await link(login, 'google');
    const res = await unlink(login, 'google');
    expect([res.status, errorOf(res).code]).toEqual([422, 'last_login_method']);
    expect(await IdentityModel.find().lean()).toEqual([expect.objectContaining({ removals: 0 })]);
    await link(login, 'github');
    await unlink(login, 'google').expect(204);
    expect(errorOf(await unlink(login, 'github')).code).toBe('last_login_method');
  });

  it('of both at once, without a password, leaves one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const login = await logInAs({ passwordHash: null });
      await signIn({ ...PERSON, sub: String(100 + round) });
      await link(login, 'google');
      await link(login, 'github');
      const [one, other] = await Promise.all([unlink(login, 'google'), unlink(login, 'github')]);
      expect([one.status, other.status].toSorted()).toEqual([204, 422]);
      expect(await IdentityModel.countDocuments({ userId: login.userId })).toBe(1);
    }
  });

  it('of somebody whose account lost it, opens nothing any more', async () => {
    const login = await logInAs();
    await link(login, 'google');
    await unlink(login, 'google').expect(204);
    const res = await logInWith(app, 'google');
    expect(errorOf(res).code).toBe('oauth_email_unverified');
    expect(await UserModel.countDocuments()).toBe(1);
  });
});

describe('the indexes of identities', () => {
  it('serve the log-in and the list', async () => {
    const login = await logInAs();
    await link(login, 'google');
    const bySubject = await IdentityModel.findOne({ provider: 'google', subject: '77' }).explain('executionStats');
    expect(new Set(summarizePlan(bySubject).indexes)).toEqual(new Set(['provider_1_subject_1']));
    expect(summarizePlan(bySubject).docsExamined).toBe(1);
    const ofUser = await IdentityModel.find({ userId: login.userId }).sort({ provider: 1 }).explain('executionStats');
    expect(new Set(summarizePlan(ofUser).indexes)).toEqual(new Set(['userId_1_provider_1']));
    expect(summarizePlan(ofUser).stages).not.toContain('SORT');
  });
});
