import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import supertest from 'supertest';
import { localCloud } from '../setup/with-local-cloud.ts';
import { clearMail, waitForMail } from '../../scripts/local-cloud/control-client.ts';
import { config } from '../../src/config/index.ts';
import { AuditModel } from '../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../src/infra/queue/outbox.model.ts';
import { AccountLinkModel } from '../../src/modules/auth/links/account-link.model.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { createUser, PASSWORD } from '../factories/user.ts';
import { emptyAllCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { atOnce } from '../support/at-once.ts';
import { eventually } from '../support/eventually.ts';
import { mailChangeLink, mailLink, mailResetLink } from '../support/links.ts';
import { logInAs } from '../support/log-in.ts';
import { startApi, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

const NEW_PASSWORD = 'seven lazy herons';

let app: TestApp;
let elsewhere: ApiProcess;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
  elsewhere = await startApi();
});
beforeEach(resetRateLimits);
afterEach(async () => {
  await eventually(async () => {
    expect(await OutboxModel.countDocuments({ doneAt: null })).toBe(0);
  });
  await clearMail(localCloud.inboxUrl);
  await emptyAllCollections();
});
afterAll(() => app.stop());

function post(route: string, body: object, { base = app.url, headers = {} } = {}) {
  return supertest(base).post(`/api/v1/auth/${route}`).set(headers).send(body);
}

/** Statuses of twenty uses at once, on two instances. */
async function useTwenty(route: string, body: (n: number) => object, headers: object = {}): Promise<number[]> {
  const bases = [app.url, elsewhere.base];
  const answers = await atOnce(bases, 20, async (n) => post(route, body(n), { base: bases[n % 2], headers }));
  return answers.map(({ status }) => status).sort();
}

const ONE_WINS = [204, ...Array.from({ length: 19 }, () => 400)];
const ODD_TOKENS = [{ $ne: null }, { $regex: '^a' }, { $gt: '' }, ['a'], 7, true, null, '', 'x'.repeat(201)];

describe('case 09: a reset or verify token', () => {
  it('that resets, used twenty times at once on two instances, sets one password', async () => {
    const user = await createUser();
    const { token } = await mailResetLink(user);
    const statuses = await useTwenty('password/reset', (n) => ({ token, password: `seven lazy herons ${String(n)}` }));
    expect(statuses).toEqual(ONE_WINS);
    expect(await UserModel.findById(user._id).lean()).toMatchObject({ sessionVersion: 1 });
    expect(await AuditModel.countDocuments({ event: 'password.reset' })).toBe(1);
    expect(await OutboxModel.countDocuments({ event: 'auth.account_changed' })).toBe(1);
  });

  it('that verifies, used twenty times at once on two instances, works once', async () => {
    const { userId, user, headers } = await logInAs({ emailVerifiedAt: null });
    const { token } = await mailLink({ kind: 'verify', email: user.email, userId });
    expect(await useTwenty('email/verify', () => ({ token }), headers)).toEqual(ONE_WINS);
    expect(await AuditModel.countDocuments({ event: 'email.verified' })).toBe(1);
  });

  it('that moves the account to a new address, used twenty times at once on two instances, works once', async () => {
    const { user, headers } = await logInAs();
    const { token } = await mailChangeLink(user, 'next@example.com');
    const statuses = await useTwenty('email/verify', () => ({ token }), headers);
    // The first one ends the session, so that most of the others are nobody's.
    expect(statuses.filter((status) => status !== 400 && status !== 401)).toEqual([204]);
    expect(await UserModel.findById(user._id).lean()).toMatchObject({ email: 'next@example.com' });
    expect(await AuditModel.countDocuments({ event: 'email.changed' })).toBe(1);
    expect(await OutboxModel.countDocuments({ event: 'auth.account_changed' })).toBe(1);
  });

  it.each(ODD_TOKENS)('sent as %j is 400 on both routes and uses up nothing', async (token) => {
    const { user, headers } = await logInAs({ emailVerifiedAt: null });
    await mailResetLink(user);
    await mailLink({ kind: 'verify', email: user.email, userId: user._id });
    for (const answer of [
      await post('password/reset', { token, password: NEW_PASSWORD }),
      await post('email/verify', { token }, { headers }),
    ]) {
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'validation_failed' } } });
    }
    expect(await AccountLinkModel.countDocuments({ usedAt: null })).toBe(2);
    expect(await UserModel.findById(user._id).lean()).toMatchObject({
      passwordHash: user.passwordHash,
      emailVerifiedAt: null,
    });
  });

  it.each([
    ['Host', { Host: 'evil.example' }],
    ['X-Forwarded-Host', { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' }],
    ['Forwarded', { Forwarded: 'host=evil.example;proto=https' }],
    ['Origin and Referer', { Origin: 'https://evil.example', Referer: 'https://evil.example/' }],
  ])('asked for with a forged %s comes in a link of the configured origin', async (_what, headers) => {
    const { email } = await createUser();
    await post('password/forgot', { email }).set(headers);
    const { text, html } = await waitForMail(localCloud.inboxUrl, { to: email });
    expect(text + html).not.toContain('evil');
    expect(text).toContain(`${config.server.appUrl}/reset-password#token=`);
  });

  it('of a sign-up with a forged Host comes in a link of the configured origin', async () => {
    const body = { email: 'asha@example.com', password: PASSWORD, name: 'Asha Rao' };
    await post('signup', body).set('Host', 'evil.example').set('X-Forwarded-Host', 'evil.example');
    const { text, html } = await waitForMail(localCloud.inboxUrl, { to: body.email, subject: 'Confirm' });
    expect(text + html).not.toContain('evil');
    expect(text).toContain(`${config.server.appUrl}/verify-email#token=`);
  });
});
