import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  clearMail,
  clearSms,
  clearSmsFaults,
  listMail,
  listSms,
  waitForMail,
  waitForSms,
} from '../../../scripts/local-cloud/control-client.ts';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { UserModel, type UserRow } from '../../../src/modules/users/user.model.ts';
import { now } from '../../../src/shared/clock.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { answerOf } from '../../support/answer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { anotherThan, codeIn, expireCodes, forgetCodes, redisDump } from '../../support/codes.ts';
import { eventually } from '../../support/eventually.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

const PHONE = '+919955501234';
const INVALID = { status: 401, body: { error: { code: 'code_invalid' } } };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
beforeEach(async () => {
  await resetRateLimits();
  await forgetCodes();
});
afterEach(async () => {
  await settled();
  await Promise.all([
    clearSms(localCloud.twilioUrl),
    clearMail(localCloud.inboxUrl),
    clearSmsFaults(localCloud.twilioUrl),
    emptyCollections(),
  ]);
});
afterAll(() => app.stop());

/** Every promise is kept: nothing more will be sent. */
async function settled(): Promise<void> {
  await eventually(async () => {
    expect(await OutboxModel.countDocuments({ event: 'auth.code_requested', doneAt: null })).toBe(0);
  });
}

function withPhone(changes: Partial<UserRow> = {}): Promise<UserRow> {
  return createUser({ phone: PHONE, phoneVerifiedAt: now(), ...changes });
}

const bySms = { channel: 'sms', phone: PHONE };

function ask(target: object = bySms) {
  return app.request.post('/api/v1/auth/otp/request').send(target);
}

function verify(code: string, target: object = bySms) {
  return app.request.post('/api/v1/auth/otp/verify').send({ ...target, code });
}

async function codeBySms(): Promise<string> {
  expect((await ask()).status).toBe(202);
  await settled();
  return codeIn((await waitForSms(localCloud.twilioUrl, { to: PHONE })).body);
}

describe('POST /auth/otp/request', () => {
  it('by SMS, sends six digits to a proven number, in one plain segment', async () => {
    await withPhone();
    const res = await ask();
    expect(answerOf(res)).toEqual({ status: 202, body: { expiresInSeconds: 600 } });
    const { body } = await waitForSms(localCloud.twilioUrl, { to: PHONE });
    expect(body).toMatch(/^\d{6} is your QuickBite code, good for 10 minutes\. Never share it: we never ask for it\.$/);
    expect(body.length).toBeLessThanOrEqual(160);
  });

  it('by e-mail, sends them to a proven address, and not in the subject', async () => {
    const { email } = await createUser();
    expect((await ask({ channel: 'email', email: ` ${email.toUpperCase()}` })).status).toBe(202);
    const mail = await waitForMail(localCloud.inboxUrl, { to: email });
    const code = codeIn(mail.text);
    expect(mail.subject).toBe('Your QuickBite code');
    expect(mail.html).toContain(code);
    expect(mail.text).toContain('10 minutes');
    await settled();
    expect(await verify(code, { channel: 'email', email })).toMatchObject({ status: 200 });
  });

  it.each<[string, Partial<UserRow>]>([
    ['an unproven number', { phoneVerifiedAt: null }],
    ['a suspended account', { status: 'suspended' }],
  ])('for %s, answers the same and sends nothing', async (_, changes) => {
    await withPhone(changes);
    expect(answerOf(await ask())).toEqual({ status: 202, body: { expiresInSeconds: 600 } });
    await settled();
    expect(await listSms(localCloud.twilioUrl)).toEqual([]);
  });

  it('for an address nobody has proven, sends nothing', async () => {
    const { email } = await createUser({ emailVerifiedAt: null });
    expect((await ask({ channel: 'email', email })).status).toBe(202);
    await settled();
    expect(await listMail(localCloud.inboxUrl, { to: email })).toEqual([]);
  });

  it.each([
    ['no channel', { phone: PHONE }],
    ['the target of the other channel', { channel: 'sms', email: 'asha@example.com' }],
    ['both targets', { ...bySms, email: 'asha@example.com' }],
    ['an operator', { channel: 'sms', phone: { $ne: null } }],
    ['a local number', { channel: 'sms', phone: '9955501234' }],
    ['a list', { channel: 'sms', phone: [PHONE] }],
  ])('with %s, is 400 and counts for no target', async (_, body) => {
    const res = await ask(body);
    expect([res.status, (res.body as { error: { code: string } }).error.code]).toEqual([400, 'validation_failed']);
    expect(await OutboxModel.countDocuments()).toBe(0);
  });

  it('asked for too often by one target, is 429 with Retry-After, whatever the spelling', async () => {
    const email = 'asha@example.com';
    for (let n = 0; n < 5; n += 1) expect((await ask({ channel: 'email', email })).status).toBe(202);
    const res = await ask({ channel: 'email', email: 'ASHA@example.com ' });
    expect(res.status).toBe(429);
    expect(Number(res.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask({ channel: 'email', email: 'ravi@example.com' })).status).toBe(202);
  });
});

describe('POST /auth/otp/verify', () => {
  it('with the code, begins a session by the way of the code', async () => {
    const user = await withPhone();
    const res = await verify(await codeBySms());
    expect(res.status).toBe(200);
    expect(res.body).toMatchObject({ user: { id: user._id, email: user.email } });
    expect(res.headers['x-device-token']).toEqual(expect.any(String));
    expect(await SessionModel.find().lean()).toMatchObject([{ userId: user._id, method: 'code' }]);
    await eventually(async () => {
      // Of this user alone: what other tests have noted is written within a second of theirs.
      const rows = await AuditModel.find({ event: /^auth\.(code_sent|logged_in)$/ }).lean();
      const own = rows.filter(({ subjectId, actorId }) => [subjectId, actorId].includes(user._id));
      expect(own.map(({ event }) => event).toSorted()).toEqual(['auth.code_sent', 'auth.logged_in']);
    });
  });

  it('with the refresh token wanted in a cookie, keeps it out of the body', async () => {
    await withPhone();
    const code = await codeBySms();
    const res = await app.request.post('/api/v1/auth/otp/verify').send({ ...bySms, code, refreshTokenIn: 'cookie' });
    expect(res.status).toBe(200);
    expect(res.body).not.toHaveProperty('refreshToken');
    expect(String(res.headers['set-cookie'])).toContain('__Host-quickbite-refresh=');
  });

  it('with a code that was used, is 401', async () => {
    await withPhone();
    const code = await codeBySms();
    expect((await verify(code)).status).toBe(200);
    expect(await verify(code)).toMatchObject(INVALID);
    expect(await SessionModel.countDocuments()).toBe(1);
  });

  it('with a wrong code, is 401, noted, and the right one still works', async () => {
    await withPhone();
    const code = await codeBySms();
    expect(await verify(anotherThan(code))).toMatchObject(INVALID);
    await eventually(async () => {
      expect(await AuditModel.findOne({ event: 'auth.log_in_failed' }).lean()).toMatchObject({
        reason: 'code_invalid',
        actorId: null,
      });
    });
    expect((await verify(code)).status).toBe(200);
  });

  it('with the code of the request before, is 401: the last one is good', async () => {
    await withPhone();
    const first = await codeBySms();
    await clearSms(localCloud.twilioUrl);
    const second = await codeBySms();
    if (first !== second) expect(await verify(first)).toMatchObject(INVALID);
    expect((await verify(second)).status).toBe(200);
  });

  it('after its time, is 401', async () => {
    await withPhone();
    const code = await codeBySms();
    const lifeMs = await expireCodes();
    expect(lifeMs).toBeGreaterThan(0);
    expect(lifeMs).toBeLessThanOrEqual(600_000);
    expect(await verify(code)).toMatchObject(INVALID);
  });

  it('for an account that lost the number since, is 401', async () => {
    const user = await withPhone();
    const code = await codeBySms();
    await UserModel.updateOne({ _id: user._id }, { $set: { phoneVerifiedAt: null } });
    expect(await verify(code)).toMatchObject(INVALID);
  });

  it('for an account that was suspended since, is 403, and only for who has the code', async () => {
    const user = await withPhone();
    const code = await codeBySms();
    await UserModel.updateOne({ _id: user._id }, { $set: { status: 'suspended' } });
    expect(await verify(anotherThan(code))).toMatchObject(INVALID);
    expect(await verify(code)).toMatchObject({ status: 403 });
  });

  it('for an account with a second factor, answers with the challenge', async () => {
    await withPhone({ hasSecondFactor: true });
    const res = await verify(await codeBySms());
    expect(res).toMatchObject({
      status: 401,
      body: { error: { code: 'mfa_required', details: { mustEnrol: false } } },
    });
    expect(await SessionModel.countDocuments()).toBe(0);
  });

  it('after Redis forgot everything, is 401, and a new request works', async () => {
    await withPhone();
    const code = await codeBySms();
    await forgetCodes();
    expect(await verify(code)).toMatchObject(INVALID);
    await clearSms(localCloud.twilioUrl);
    expect((await verify(await codeBySms())).status).toBe(200);
  });

  it.each(['12345', '1234567', 'abcdef', ' 12345', 123456, { $ne: null }, ['123456']])(
    'with the code %o, is 400',
    async (code) => {
      expect((await verify(code as string)).status).toBe(400);
    },
  );
});

describe('a code', () => {
  it('stands in no job, outbox row, database or Redis, and neither does its target stand in a job', async () => {
    await withPhone();
    const { email } = await createUser();
    const code = await codeBySms();
    expect((await ask({ channel: 'email', email })).status).toBe(202);
    const mailed = codeIn((await waitForMail(localCloud.inboxUrl, { to: email })).text);
    await settled();
    const redis = await redisDump();
    expect(redis).toContain('send-code');
    const { db } = UserModel.db;
    const collections = (await db?.collections()) ?? [];
    const rows = await Promise.all(collections.map((collection) => collection.find().toArray()));
    const stored = JSON.stringify(rows);
    expect(stored).toContain('auth.code_requested');
    for (const secret of [code, mailed]) {
      expect(redis).not.toMatch(new RegExp(`(?<!\\d)${secret}(?!\\d)`));
      expect(stored).not.toMatch(new RegExp(`(?<!\\d)${secret}(?!\\d)`));
    }
    const outbox = JSON.stringify(await OutboxModel.find().lean());
    const jobs = JSON.stringify((JSON.parse(redis) as [string, unknown][]).filter(([key]) => key.startsWith('{')));
    for (const target of [PHONE, email]) {
      expect(outbox).not.toContain(target);
      expect(jobs).not.toContain(target);
    }
  });
});
