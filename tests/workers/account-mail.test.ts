import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localCloud } from '../setup/with-local-cloud.ts';
import {
  clearMail,
  clearMailFaults,
  listMail,
  setMailFaults,
  waitForMail,
  type ReceivedMail,
} from '../../scripts/local-cloud/control-client.ts';
import { config } from '../../src/config/index.ts';
import { sendMail } from '../../src/infra/mail/index.ts';
import { withTransaction } from '../../src/infra/mongo/index.ts';
import { appendOutbox } from '../../src/infra/queue/index.ts';
import { openQueue } from '../../src/infra/queue/define-queue.ts';
import { OutboxModel } from '../../src/infra/queue/outbox.model.ts';
import { ACCOUNT_CHANGES } from '../../src/modules/auth/index.ts';
import { accountChanged } from '../../src/modules/auth/auth.events.ts';
import { AccountLinkModel } from '../../src/modules/auth/links/account-link.model.ts';
import { requestLink } from '../../src/modules/auth/links/account-links.service.ts';
import { sendLink } from '../../src/modules/notifications/account-mail.service.ts';
import { NotificationModel } from '../../src/modules/notifications/notification.model.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { newId } from '../../src/shared/ids.ts';
import { createUser, PASSWORD } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { mailChangeLink } from '../support/links.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

const { inboxUrl: inbox } = localCloud;
const NEW_PASSWORD = 'seven lazy herons';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
beforeEach(resetRateLimits);
afterEach(async () => {
  await clearMailFaults(inbox);
  await eventually(async () => {
    expect(await OutboxModel.countDocuments({ doneAt: null })).toBe(0);
  });
  await clearMail(inbox);
  await emptyCollections();
});
afterAll(() => app.stop());

function post(route: string, body: object) {
  return app.request.post(`/api/v1/auth/${route}`).send(body);
}

async function idOf(email: string): Promise<string> {
  return (await UserModel.findOne({ email }).lean())?._id ?? '';
}

/** Of the link in the text part. */
function tokenIn({ text }: ReceivedMail): string {
  return /#token=([\w-]{43})\b/.exec(text)?.[1] ?? '';
}

describe('the mail', () => {
  it('of a sign-up is a welcome and a link that proves the address, neither with the name that was typed', async () => {
    const body = { email: 'asha@example.com', password: PASSWORD, name: 'visit evil.example' };
    const signedUp = await post('signup', body);
    const link = await waitForMail(inbox, { to: body.email, subject: 'Confirm your e-mail address' });
    const welcome = await waitForMail(inbox, { to: body.email, subject: 'Welcome to QuickBite' });
    for (const { text, html } of [link, welcome]) expect(text + html).not.toContain('evil');
    expect(link.text).toContain(`${config.server.appUrl}/verify-email#token=`);
    expect(link.html).toContain(`href="${config.server.appUrl}/verify-email#token=${tokenIn(link)}"`);
    expect(link.text).toContain('You have to be logged in');
    const { accessToken } = signedUp.body as { accessToken: string };
    const answer = await post('email/verify', { token: tokenIn(link) }).set('Authorization', `Bearer ${accessToken}`);
    expect(answer.status).toBe(204);
  });

  it('of log-ins to an account whose address nobody has proven are none: a stranger’s mailbox is not filled', async () => {
    const { email } = await createUser({ emailVerifiedAt: null });
    for (let n = 0; n < 10; n += 1) expect((await post('login', { email, password: PASSWORD })).status).toBe(200);
    const notice = accountChanged({ userId: await idOf(email), noticeId: newId(), change: 'password_changed' });
    await withTransaction((tx) => appendOutbox(tx, [notice]));
    await eventually(async () => {
      expect(await NotificationModel.countDocuments({ status: 'dropped' })).toBe(11);
    });
    expect(await listMail(inbox, { to: email })).toEqual([]);
  });

  it('of log-ins on new devices are five in an hour, and the rest is dropped', async () => {
    const { email } = await createUser();
    for (let n = 0; n < 8; n += 1) await post('login', { email, password: PASSWORD });
    await eventually(async () => {
      expect(await NotificationModel.countDocuments({ kind: 'new-device', status: 'sent' })).toBe(5);
      expect(await NotificationModel.countDocuments({ kind: 'new-device', status: 'dropped' })).toBe(3);
    });
    expect(await listMail(inbox, { to: email })).toHaveLength(5);
  });

  it('of forgotten passwords are five in an hour to one address, whatever was asked for', async () => {
    const { email } = await createUser();
    for (let n = 0; n < 8; n += 1) expect((await post('password/forgot', { email })).status).toBe(202);
    await eventually(async () => {
      expect(await NotificationModel.countDocuments({ kind: 'password-reset', status: 'dropped' })).toBe(3);
      expect(await NotificationModel.countDocuments({ kind: 'password-reset', status: 'sent' })).toBe(5);
    });
    expect(await listMail(inbox, { to: email })).toHaveLength(5);
  });

  it('of a changed e-mail to a stranger says nothing that was typed as a name', async () => {
    const { headers } = await logInAs({ name: 'You won 500 EUR: evil.example/win' });
    await post('email/change', { email: 'stranger@example.com', password: PASSWORD }).set(headers);
    const { text, html } = await waitForMail(inbox, { to: 'stranger@example.com' });
    expect(text + html).not.toContain('evil');
  });

  it('of a forgotten password carries a link that works, and the change is told in another', async () => {
    const { email } = await createUser();
    await post('password/forgot', { email });
    const mail = await waitForMail(inbox, { to: email, subject: 'Set a new password' });
    expect(mail.text).toContain('Hello Asha Rao,');
    expect((await post('password/reset', { token: tokenIn(mail), password: NEW_PASSWORD })).status).toBe(204);
    const notice = await waitForMail(inbox, { to: email, subject: 'Your password was changed' });
    expect(notice.text).toContain(`${config.server.appUrl}/forgot-password`);
  });

  it('of a forgotten password for nobody is none, and the promise is kept', async () => {
    await post('password/forgot', { email: 'nobody@example.com' });
    await eventually(async () => {
      expect(await NotificationModel.findOne().lean()).toMatchObject({ kind: 'password-reset', status: 'dropped' });
    });
    expect(await listMail(inbox)).toEqual([]);
  });

  it('of a log-in on a new device says device, address and time, and leads to the sessions', async () => {
    const { email } = await createUser();
    const agent =
      'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36';
    await post('login', { email, password: PASSWORD }).set('User-Agent', agent);
    const mail = await waitForMail(inbox, { to: email, subject: 'New log-in to your account' });
    expect(mail.text).toMatch(/Device: +Chrome on Android\nAddress: +.*127\.0\.0\.1\nTime: +.* UTC\n/);
    expect(mail.text).toContain(`${config.server.appUrl}/account/sessions`);
  });

  it('of a log-in prints nothing that a client calls itself', async () => {
    const { email } = await createUser();
    await post('login', { email, password: PASSWORD }).set(
      'User-Agent',
      'evil.example/1.0 (<script>; see http://evil.example)',
    );
    const { text, html } = await waitForMail(inbox, { to: email });
    expect(text + html).not.toContain('evil');
  });

  it('of a changed e-mail goes to the old address', async () => {
    const { user, headers } = await logInAs({ name: 'visit evil.example' });
    const { token } = await mailChangeLink(user, 'next@example.com');
    await post('email/verify', { token }).set(headers);
    const mail = await waitForMail(inbox, { subject: 'The e-mail of your account was changed' });
    expect(mail.to).toEqual([user.email]);
    expect(mail.text + mail.html).not.toContain('evil');
  });

  it('that proves a new address goes there, and its link moves the account', async () => {
    const { headers, userId } = await logInAs();
    await post('email/change', { email: 'next@example.com', password: PASSWORD }).set(headers);
    const mail = await waitForMail(inbox, { to: 'next@example.com', subject: 'Confirm your new e-mail address' });
    expect((await post('email/verify', { token: tokenIn(mail) }).set(headers)).status).toBe(204);
    expect(await UserModel.findById(userId).lean()).toMatchObject({ email: 'next@example.com' });
  });

  it.each(ACCOUNT_CHANGES.filter((change) => change !== 'email_changed'))(
    'of %s reaches the owner once',
    async (change) => {
      const { _id: userId, email } = await createUser();
      const message = accountChanged({ userId, noticeId: newId(), change });
      await withTransaction((tx) => appendOutbox(tx, [message, message]));
      const mail = await waitForMail(inbox, { to: email });
      expect(mail.text).toContain('Was it not you?');
      await eventually(async () => {
        expect(await OutboxModel.countDocuments({ doneAt: null })).toBe(0);
      });
      expect(await listMail(inbox, { to: email })).toHaveLength(1);
    },
  );
});

describe('a link that is mailed again', () => {
  it('after a lost answer is another link under another Message-ID, and the last one is good', async () => {
    const { email } = await createUser();
    const linkId = await askQuietly(email);
    await setMailFaults(inbox, { loseAnswers: 1 });
    await expect(sendLink({ linkId, kind: 'reset' })).rejects.toThrow();
    await sendLink({ linkId, kind: 'reset' });
    const mails = await listMail(inbox, { to: email });
    const [last = '', first = ''] = mails.map(tokenIn);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(2);
    expect(last).not.toBe(first);
    expect((await post('password/reset', { token: first, password: NEW_PASSWORD })).status).toBe(400);
    expect((await post('password/reset', { token: last, password: NEW_PASSWORD })).status).toBe(204);
  });

  it('after a refusal counts as one mail, and is never sent a third time', async () => {
    const { email } = await createUser();
    const linkId = await askQuietly(email);
    await setMailFaults(inbox, { refuse: 1 });
    await expect(sendLink({ linkId, kind: 'reset' })).rejects.toMatchObject({ responseCode: 450 });
    await sendLink({ linkId, kind: 'reset' });
    await sendLink({ linkId, kind: 'reset' });
    expect(await listMail(inbox, { to: email })).toHaveLength(1);
    expect(await NotificationModel.findById(`password-reset-${linkId}`).lean()).toMatchObject({
      status: 'sent',
      attempts: 2,
    });
  });

  it('after it was used is not mailed', async () => {
    const { email } = await createUser();
    const linkId = await askQuietly(email);
    await AccountLinkModel.updateOne({ _id: linkId }, { $set: { usedAt: new Date() } });
    await sendLink({ linkId, kind: 'reset' });
    expect(await listMail(inbox, { to: email })).toEqual([]);
  });

  it('leaves no token and no address in Redis', async () => {
    const { email } = await createUser();
    await post('password/forgot', { email });
    const mail = await waitForMail(inbox, { to: email });
    const jobs = await openQueue('email').getJobs();
    const stored = JSON.stringify(jobs.map(({ data }) => data as unknown));
    expect(stored).toContain('"kind":"reset"');
    expect(stored).not.toContain(tokenIn(mail));
    expect(stored).not.toContain(email);
  });
});

describe('the mail server', () => {
  it.each([
    ['recipient', { to: 'asha@example.com\r\nBcc: eve@example.com', subject: 'Hello' }],
    ['subject', { to: 'asha@example.com', subject: 'Hello\r\nBcc: eve@example.com\r\n\r\nBuy' }],
  ])('gets one mail to one person though the %s holds line breaks', async (_what, { to, subject }) => {
    await sendMail({ to, subject, template: 'welcome', data: { subject }, messageId: newId() }).catch(() => undefined);
    const mails = await listMail(inbox);
    expect(mails.flatMap((mail) => mail.to)).not.toContain('eve@example.com');
    for (const mail of mails) expect(mail.to).toHaveLength(1);
  });
});

/** The row without its promise, so that this test alone sends. */
async function askQuietly(email: string): Promise<string> {
  const linkId = await withTransaction((tx) => requestLink(tx, { kind: 'reset', email }));
  await eventually(async () => {
    expect(await OutboxModel.countDocuments({ doneAt: null })).toBe(0);
  });
  await clearMail(inbox);
  await NotificationModel.deleteMany({});
  return linkId;
}
