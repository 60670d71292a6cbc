import { readdir } from 'node:fs/promises';
import path from 'node:path';
import twilio from 'twilio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  clearSms,
  clearSmsFaults,
  listSms,
  setSmsFaults,
  waitForSms,
} from '../../scripts/local-cloud/control-client.ts';
import type { LocalCloud } from '../../scripts/local-cloud/index.ts';
import { startCloud, type RunningCloud } from './support.ts';

const TO = '+919955501001';

let running: RunningCloud;
let url: string;

beforeAll(async () => {
  running = await startCloud();
  url = running.cloud.twilioUrl;
});
afterAll(() => running.stop());
beforeEach(async () => {
  await clearSmsFaults(url);
  await clearSms(url);
});

/** The real SDK, retries off. */
function clientOf({ env, twilioUrl }: LocalCloud, options: { sid?: string; token?: string; timeout?: number } = {}) {
  const { sid = env['TWILIO_ACCOUNT_SID'] ?? '', token = env['TWILIO_AUTH_TOKEN'] ?? '', timeout = 5000 } = options;
  const client = twilio(sid, token, { timeout });
  client.api.baseUrl = twilioUrl;
  return client;
}

function send(message: { to?: string; from?: string; body?: string } = {}, cloud = running.cloud) {
  const { to = TO, from = cloud.env['TWILIO_FROM'] ?? '', body = '123456 is your code' } = message;
  return clientOf(cloud).messages.create({ to, from, body });
}

describe('the sender of text messages', () => {
  it('given a message, answers in the vendor’s form and keeps it', async () => {
    const sent = await send({ body: 'Grüße ₹' });
    expect(sent).toMatchObject({
      sid: expect.stringMatching(/^SM[0-9a-f]{32}$/) as string,
      accountSid: running.secretOf('TWILIO_ACCOUNT_SID'),
      status: 'queued',
      direction: 'outbound-api',
      to: TO,
      from: '+15005550006',
      body: 'Grüße ₹',
      numSegments: '1',
      errorCode: null,
      dateSent: null,
    });
    expect(sent.dateCreated.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(await waitForSms(url, { to: TO })).toMatchObject({ sid: sent.sid, to: TO, body: 'Grüße ₹' });
    const fetched = await clientOf(running.cloud).messages(sent.sid).fetch();
    expect(fetched).toMatchObject({ sid: sent.sid, status: 'delivered', body: 'Grüße ₹' });
  });

  it('asked for the list, goes through its pages, newest first', async () => {
    for (const body of ['one', 'two', 'three']) await send({ body });
    await send({ to: '+919955501002', body: 'other' });
    const { messages } = clientOf(running.cloud);
    const bodies = (await messages.list({ to: TO, pageSize: 2 })).map(({ body }) => body);
    expect(bodies).toEqual(['three', 'two', 'one']);
    expect(await messages.list({ limit: 2, pageSize: 1 })).toHaveLength(2);
    expect((await listSms(url, { body: 'o' })).map(({ body }) => body)).toEqual(['other', 'two', 'one']);
  });

  it('restarted, has account, number and messages of before', async () => {
    const other = await startCloud();
    await send({}, other.cloud);
    const { env } = other.cloud;
    await other.restart();
    expect(other.cloud.env).toEqual(env);
    expect(await listSms(other.cloud.twilioUrl)).toMatchObject([{ to: TO }]);
    expect(await readdir(path.join(other.dataDir, 'sms'))).toHaveLength(1);
    await other.stop();
  });

  it('waited at in vain, says so when the time is up', async () => {
    await expect(waitForSms(url, { to: '+919955509999' }, 50)).rejects.toThrow(/within 50 ms/);
  });
});

describe('a refusal', () => {
  it.each([
    [{ to: '+15005550001' }, 21211],
    [{ to: 'nonsense' }, 21211],
    [{ to: '+15005550002' }, 21612],
    [{ to: '+15005550003' }, 21408],
    [{ to: '+15005550004' }, 21610],
    [{ to: '+15005550009' }, 21614],
    [{ from: '+15005550007' }, 21606],
    [{ from: 'QuickBite' }, 21212],
    [{ to: '' }, 21604],
    [{ from: '' }, 21603],
    [{ body: '' }, 21602],
    [{ body: 'x'.repeat(1601) }, 21617],
  ])('of %o carries the code %i, and sends nothing', async (message, code) => {
    await expect(send(message)).rejects.toMatchObject({
      status: 400,
      code,
      moreInfo: `https://www.twilio.com/docs/errors/${code}`,
    });
    expect(await listSms(url)).toEqual([]);
  });

  it('of a wrong token, or of another account, is 401', async () => {
    const message = { to: TO, from: '+15005550006', body: 'x' };
    const refused = { status: 401, code: 20003, message: 'Authenticate' };
    const strangers = [{ token: '0'.repeat(32) }, { sid: `AC${'0'.repeat(32)}` }];
    for (const stranger of strangers) {
      await expect(clientOf(running.cloud, stranger).messages.create(message)).rejects.toMatchObject(refused);
    }
    expect((await fetch(`${url}/2010-04-01/Accounts/x/Messages.json`)).status).toBe(401);
  });

  it('of a message nobody sent is 404', async () => {
    const unknown = clientOf(running.cloud)
      .messages(`SM${'0'.repeat(32)}`)
      .fetch();
    await expect(unknown).rejects.toMatchObject({ status: 404, code: 20404 });
  });
});

describe('faults', () => {
  it.each([
    ['fail_before', 500, 0],
    ['fail_after', 500, 1],
    ['throttle', 429, 0],
  ] as const)('%s answers %i and sends %i messages, once', async (kind, status, count) => {
    await setSmsFaults(url, { kind });
    await expect(send()).rejects.toMatchObject({ status });
    expect(await listSms(url)).toHaveLength(count);
    await send();
    expect(await listSms(url)).toHaveLength(count + 1);
  });

  it('lose_answer has sent the message although the caller heard an error', async () => {
    await setSmsFaults(url, { kind: 'lose_answer' });
    await expect(send()).rejects.toThrow();
    expect(await listSms(url)).toHaveLength(1);
  });

  it.each([
    ['hang_before', 0],
    ['hang_after', 1],
  ] as const)('%s outlasts the caller’s patience and sends %i messages', async (kind, count) => {
    await setSmsFaults(url, { kind, ms: 400 });
    const { messages } = clientOf(running.cloud, { timeout: 100 });
    await expect(messages.create({ to: TO, from: '+15005550006', body: 'x' })).rejects.toThrow(/timeout/);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await listSms(url)).toHaveLength(count);
  });

  it('aimed at a number, spare the others', async () => {
    await setSmsFaults(url, { kind: 'fail_before', to: '+919955501002' });
    await send();
    await expect(send({ to: '+919955501002' })).rejects.toMatchObject({ status: 500 });
  });

  it('asked for in words nobody knows, are a clear refusal', async () => {
    await expect(setSmsFaults(url, { kind: 'explode' as 'throttle' })).rejects.toThrow(/kind/);
  });
});

describe('the inbox page', () => {
  it('shows text messages below the mail, and runs nothing of them', async () => {
    await send({ body: '<script>alert(1)</script>' });
    const page = await (await fetch(running.cloud.inboxUrl)).text();
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain(TO);
  });
});
