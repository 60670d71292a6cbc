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

/** Of the link in the text part. */
function tokenIn({ text }: ReceivedMail): string {
  return /#token=([\w-]{43})\b/.exec(text)?.[1] ?? '';
}

describe('the mail', () => {
  it('of a sign-up is a welcome and a link that proves the address, neither with the name that was typed', async () => {
    const body = { email: 'asha@example.com', password: PASSWORD, name: 'visit evil.example' };
    await post('signup', body);
    const link = await waitForMail(inbox, { to: body.email, subject: 'Confirm your e-mail address' });
    const welcome = await waitForMail(inbox, { to: body.email, subject: 'Welcome to QuickBite' });
    for (const { text, html } of [link, welcome]) expect(text + html).not.toContain('evil');
    expect(link.text).toContain(`${config.server.appUrl}/verify-email#token=`);
    expect(link.html).toContain(`href="${config.server.appUrl}/verify-email#token=${tokenIn(link)}"`);
    expect((await post('email/verify', { token: tokenIn(link) })).status).toBe(204);
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
    const user = await createUser();
    const { token } = await mailChangeLink(user, 'next@example.com');
    await post('email/verify', { token });
    const mail = await waitForMail(inbox, { subject: 'The e-mail of your account was changed' });
    expect(mail.to).toEqual([user.email]);
  });

  it('that proves a new address goes there, and its link moves the account', async () => {
    const { headers } = await logInAs();
    await post('email/change', { email: 'next@example.com', password: PASSWORD }).set(headers);
    const mail = await waitForMail(inbox, { to: 'next@example.com', subject: 'Confirm your new e-mail address' });
    expect((await post('email/verify', { token: tokenIn(mail) })).status).toBe(204);
    expect((await app.request.get('/api/v1/me').set(headers)).body).toMatchObject({ email: 'next@example.com' });
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
