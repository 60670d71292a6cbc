import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  clearMail,
  clearMailFaults,
  listMail,
  setMailFaults,
  waitForMail,
} from '../../scripts/local-cloud/control-client.ts';
import { startCloud, type RunningCloud } from './support.ts';

let running: RunningCloud;
let transport: Transporter;
let inbox: string;

beforeAll(async () => {
  running = await startCloud();
  inbox = running.cloud.inboxUrl;
  transport = createTransport(running.cloud.smtpUrl);
});
afterAll(async () => {
  transport.close();
  await running.stop();
});
beforeEach(async () => {
  await clearMailFaults(inbox);
  await clearMail(inbox);
});

function send(mail: SendMailOptions = {}): Promise<unknown> {
  return transport.sendMail({
    from: '"QuickBite" <orders@quickbite.example>',
    to: 'asha@customer.example',
    subject: 'Your receipt',
    text: 'Thank you',
    ...mail,
  });
}

describe('the inbox', () => {
  it('sent a mail, shows it parsed', async () => {
    await send({
      subject: 'Rechnung für ₹450 — Bestellung',
      text: 'Grüße ₹',
      html: '<h1>₹450</h1>',
      messageId: '<receipt-1@quickbite.example>',
      headers: { 'X-Order': 'a1' },
      attachments: [{ filename: 'receipt.txt', content: 'twelve bytes' }],
    });
    const mail = await waitForMail(inbox, { to: 'asha@customer.example' });
    expect(mail).toMatchObject({
      from: 'orders@quickbite.example',
      to: ['asha@customer.example'],
      envelope: { from: 'orders@quickbite.example', to: ['asha@customer.example'] },
      subject: 'Rechnung für ₹450 — Bestellung',
      text: 'Grüße ₹',
      html: '<h1>₹450</h1>\n',
      messageId: '<receipt-1@quickbite.example>',
      copies: 1,
      attachments: [{ filename: 'receipt.txt', mimeType: 'text/plain', bytes: 12 }],
    });
    expect(mail.headers).toHaveProperty('x-order', 'a1');
    expect(await (await fetch(`${inbox}/api/messages/${mail.id}`)).json()).toEqual(mail);
    expect((await fetch(`${inbox}/api/messages/nope`)).status).toBe(404);
  });

  it('with many mails, lists newest first and filters', async () => {
    await send({ subject: 'Order confirmed' });
    await send({ subject: 'Your receipt', bcc: 'archive@quickbite.example' });
    await send({ to: 'ravi@customer.example', subject: 'Welcome' });
    expect((await listMail(inbox)).map(({ subject }) => subject)).toEqual([
      'Welcome',
      'Your receipt',
      'Order confirmed',
    ]);
    const subjects = async (query: object) => (await listMail(inbox, query)).map(({ subject }) => subject);
    expect(await subjects({ to: 'ASHA@customer.example' })).toEqual(['Your receipt', 'Order confirmed']);
    expect(await subjects({ to: 'archive@quickbite.example' })).toEqual(['Your receipt']);
    expect(await subjects({ to: 'asha@customer.example', subject: 'CONFIRMED' })).toEqual(['Order confirmed']);
    await expect(listMail(inbox, { form: 'x' } as object)).rejects.toThrow(/form/);
  });

  it('waited at, answers as soon as the mail is there', async () => {
    // For longer than this test may take.
    const waiting = waitForMail(inbox, { to: 'asha@customer.example', subject: 'receipt' }, 60_000);
    await send({ subject: 'Order confirmed' });
    await send({ subject: 'Your receipt' });
    expect((await waiting).subject).toBe('Your receipt');
  });

  it('waited at in vain, says so when the time is up', async () => {
    await expect(waitForMail(inbox, { to: 'nobody@customer.example' }, 50)).rejects.toThrow(/within 50 ms/);
  });

  it('sent the same mail twice, shows both as one Message-ID', async () => {
    const messageId = '<receipt-2@quickbite.example>';
    await send({ messageId });
    await send({ messageId });
    await send({ messageId: '<receipt-3@quickbite.example>' });
    expect((await listMail(inbox, { messageId })).map(({ copies }) => copies)).toEqual([2, 2]);
    expect(await (await fetch(inbox)).text()).toContain('arrived 2 times');
  });

  it('restarted, still has its mail, in order', async () => {
    const other = await startCloud();
    const mailer = createTransport(other.cloud.smtpUrl);
    await mailer.sendMail({ from: 'a@b.example', to: 'c@d.example', subject: 'one', text: '1' });
    await mailer.sendMail({ from: 'a@b.example', to: 'c@d.example', subject: 'two', text: '2' });
    mailer.close();
    const before = await listMail(other.cloud.inboxUrl);
    await other.restart();
    expect(await listMail(other.cloud.inboxUrl)).toEqual(before);
    await other.stop();
  });

  it('sent more than it keeps, drops the oldest from memory and disk', async () => {
    const pooled = createTransport({
      url: running.cloud.smtpUrl,
      pool: true,
      maxMessages: Infinity,
      maxConnections: 4,
    });
    await Promise.all(
      Array.from({ length: 505 }, (_, n) =>
        pooled.sendMail({ from: 'a@b.example', to: 'c@d.example', subject: `n${n}`, text: 'x' }),
      ),
    );
    pooled.close();
    expect(await listMail(inbox)).toHaveLength(500);
    expect(await readdir(path.join(running.dataDir, 'mail'))).toHaveLength(500);
  });
});

describe('the pages', () => {
  it('showing a hostile mail, escape it and run nothing', async () => {
    const hostile = `<script>alert(1)</script>"'&`;
    await send({ subject: hostile, text: hostile, html: `<b>hello</b>${hostile}` });
    const mail = await waitForMail(inbox, { to: 'asha@customer.example' });
    for (const url of [inbox, `${inbox}/messages/${mail.id}`]) {
      const response = await fetch(url);
      const html = await response.text();
      expect(html).not.toContain('<script');
      expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
      expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    }
    const page = await (await fetch(`${inbox}/messages/${mail.id}`)).text();
    expect(page).toContain('<iframe sandbox="" title="HTML part" srcdoc="&lt;b&gt;hello&lt;/b&gt;');
    expect((await fetch(`${inbox}/messages/nope`)).status).toBe(404);
  });
});

describe('mail faults', () => {
  it.each([450, 550] as const)('refusing with %d, refuse that often and then accept', async (refuseCode) => {
    await setMailFaults(inbox, { refuse: 2, refuseCode });
    for (let n = 0; n < 2; n += 1) await expect(send()).rejects.toMatchObject({ responseCode: refuseCode });
    await send();
    expect(await listMail(inbox)).toHaveLength(1);
  });

  it('aimed at a recipient, spare the others', async () => {
    await setMailFaults(inbox, { refuse: 1, refuseCode: 550, to: 'ravi@customer.example' });
    await send();
    await expect(send({ to: 'ravi@customer.example' })).rejects.toMatchObject({ responseCode: 550 });
    await clearMailFaults(inbox);
    await setMailFaults(inbox, { refuse: 1 });
    await expect(send()).rejects.toMatchObject({ responseCode: 450 });
  });

  it('slow, accept as late as asked', async () => {
    await setMailFaults(inbox, { delayMs: 300 });
    const startedAt = performance.now();
    await send();
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(290);
  });

  it('losing the answer, have the mail although the sender heard an error', async () => {
    await setMailFaults(inbox, { loseAnswers: 1 });
    const messageId = '<receipt-4@quickbite.example>';
    await expect(send({ messageId })).rejects.toThrow();
    await send({ messageId });
    expect((await listMail(inbox, { messageId })).map(({ copies }) => copies)).toEqual([2, 2]);
  });

  it('asked for in words nobody knows, are a clear refusal', async () => {
    await expect(setMailFaults(inbox, { refuse: -1 })).rejects.toThrow(/refuse/);
  });
});
