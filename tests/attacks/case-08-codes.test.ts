import { localCloud } from '../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearSms, clearSmsFaults, setSmsFaults, waitForSms } from '../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../src/bootstrap.ts';
import { shutdown } from '../../src/infra/lifecycle/index.ts';
import { OutboxModel } from '../../src/infra/queue/outbox.model.ts';
import { rateLimitPolicies } from '../../src/http/middleware/rate-limit-policies.ts';
import { issueCode } from '../../src/modules/auth/codes/codes.service.ts';
import { SessionModel } from '../../src/modules/auth/sessions/session.model.ts';
import type { UserRow } from '../../src/modules/users/user.model.ts';
import { now } from '../../src/shared/clock.ts';
import { createUser, PASSWORD } from '../factories/user.ts';
import { emptyAllCollections } from '../setup/empty-collections.ts';
import { atOnce } from '../support/at-once.ts';
import { anotherThan, codeIn, forgetCodes } from '../support/codes.ts';
import { eventually } from '../support/eventually.ts';
import { openLogin } from '../support/log-in.ts';
import { startApi, startWorker, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

const PHONE_A = '+919955501001';
const PHONE_B = '+919955501002';

const { codeGuessTarget } = rateLimitPolicies;

/** Two without request limits, so that what holds is the count of the code itself; two with them. */
let bases: string[];
let limited: ApiProcess[];

beforeAll(async () => {
  await bootstrap();
  const started = await Promise.all([
    startApi({ RATE_LIMITS: 'false' }),
    startApi({ RATE_LIMITS: 'false' }),
    startApi({ LOG_LEVEL: 'debug' }),
    startApi({ LOG_LEVEL: 'debug' }),
  ]);
  bases = started.slice(0, 2).map(({ base }) => base);
  limited = started.slice(2);
});
beforeEach(async () => {
  await Promise.all([resetRateLimits(), forgetCodes()]);
});
afterEach(emptyAllCollections);
afterAll(() => shutdown('test'));

interface Answer {
  status: number;
  code: string | undefined;
  headers: Headers;
  text: string;
}

async function post(
  base: string,
  path: string,
  { headers = {}, ...body }: Record<string, unknown> & { headers?: Record<string, string> },
): Promise<Answer> {
  const response = await fetch(`${base}/api/v1/auth/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const code = text === '' ? undefined : (JSON.parse(text) as { error?: { code: string } }).error?.code;
  return { status: response.status, code, headers: response.headers, text };
}

function baseFor(index: number): string {
  return bases[index % 2] ?? '';
}

function holder(phone: string): Promise<UserRow> {
  return createUser({ phone, phoneVerifiedAt: now() });
}

/** What the worker does, without the message: there is none among these processes. */
async function issueLast(): Promise<string> {
  const row = await OutboxModel.findOne({ event: 'auth.code_requested' }).sort({ _id: -1 }).lean();
  const issued = await issueCode(row?.payload as { codeId: string; round: string });
  if (issued === null) throw new Error('no code was issued');
  await OutboxModel.deleteMany({});
  return issued.code;
}

async function codeFor(phone: string): Promise<string> {
  expect((await post(baseFor(0), 'otp/request', { channel: 'sms', phone })).status).toBe(202);
  return issueLast();
}

function guess(phone: string, code: string, base = baseFor(0)): Promise<Answer> {
  return post(base, 'otp/verify', { channel: 'sms', phone, code });
}

/** Twenty wrong guesses in four rounds, each after the count of the one before has run out; then once more. */
async function guessAllDay(phone: string): Promise<Answer> {
  await resetRateLimits();
  for (let n = 0; n < codeGuessTarget.limit; n += 1) {
    if (n % 5 === 0) {
      await forgetCodes();
      expect((await post(baseFor(0), 'otp/request', { channel: 'sms', phone })).status).toBe(202);
    }
    const { status, code } = await guess(phone, '000000', limited[n % 2]?.base);
    expect([status, code]).toEqual([401, 'code_invalid']);
  }
  return guess(phone, '000000', limited[0]?.base);
}

const statusesOf = (answers: Answer[]) => answers.map(({ status }) => status).toSorted();

describe('case 08: one-time codes', () => {
  it('fifty wrong guesses at once through two APIs burn the code, and the right one is worth nothing', async () => {
    await holder(PHONE_A);
    const code = await codeFor(PHONE_A);
    const answers = await atOnce(bases, 50, (n) => guess(PHONE_A, anotherThan(code, n + 1), baseFor(n)));
    expect(new Set(answers.map(({ status, code: error }) => `${status} ${error}`))).toEqual(
      new Set(['401 code_invalid']),
    );
    for (const base of bases)
      expect(await guess(PHONE_A, code, base)).toMatchObject({ status: 401, code: 'code_invalid' });
    expect(await SessionModel.countDocuments()).toBe(0);
  });

  it('a burnt target gets no new code from either API, and is told how long', async () => {
    await holder(PHONE_A);
    const code = await codeFor(PHONE_A);
    for (let n = 1; n <= 5; n += 1) await guess(PHONE_A, anotherThan(code, n), baseFor(n));
    for (const base of bases) {
      const refused = await post(base, 'otp/request', { channel: 'sms', phone: PHONE_A });
      expect(refused).toMatchObject({ status: 429, code: 'rate_limited' });
      const retryAfter = Number(refused.headers.get('retry-after'));
      expect(retryAfter).toBeGreaterThan(0);
      expect(retryAfter).toBeLessThanOrEqual(600);
    }
    expect(await OutboxModel.countDocuments()).toBe(0);
  });

  it('of fifty guesses through two APIs at most five are looked at: the right code, sent among the last 45, opens nothing', async () => {
    await holder(PHONE_A);
    const code = await codeFor(PHONE_A);
    const wrong = await atOnce(bases, 5, (n) => guess(PHONE_A, anotherThan(code, n + 1), baseFor(n)));
    expect(statusesOf(wrong)).toEqual(Array(5).fill(401));
    const answers = await atOnce(bases, 45, (n) =>
      guess(PHONE_A, n % 9 === 0 ? code : anotherThan(code, n + 6), baseFor(n)),
    );
    expect(statusesOf(answers)).toEqual(Array(45).fill(401));
    expect(await SessionModel.countDocuments()).toBe(0);
  });

  it('twenty right submissions at once through two APIs make exactly one session', async () => {
    const user = await holder(PHONE_A);
    const code = await codeFor(PHONE_A);
    const answers = await atOnce(bases, 20, (n) => guess(PHONE_A, code, baseFor(n)));
    expect(statusesOf(answers)).toEqual([200, ...(Array(19).fill(401) as number[])]);
    expect(await SessionModel.find().lean()).toMatchObject([{ userId: user._id, method: 'code' }]);
  });

  it('the code for phone A is refused for phone B, and for the e-mail of A', async () => {
    const { email } = await holder(PHONE_A);
    await holder(PHONE_B);
    const [codeA, codeB] = [await codeFor(PHONE_A), await codeFor(PHONE_B)];
    await post(baseFor(0), 'otp/request', { channel: 'email', email });
    const codeMail = await issueLast();
    if (codeA !== codeB) expect((await guess(PHONE_B, codeA)).status).toBe(401);
    if (codeA !== codeMail) {
      const byMail = await post(baseFor(1), 'otp/verify', { channel: 'email', email, code: codeA });
      expect(byMail.status).toBe(401);
    }
    expect((await guess(PHONE_A, codeA)).status).toBe(200);
  });

  it('a code to prove a phone opens no account, and a code to log in proves no phone', async () => {
    const user = await holder(PHONE_A);
    const { headers } = await openLogin(user);
    const toLogIn = await codeFor(PHONE_A);
    expect(
      (await post(baseFor(0), 'phone/verify/request', { phone: PHONE_A, password: PASSWORD, headers })).status,
    ).toBe(202);
    const toProve = await issueLast();
    if (toLogIn !== toProve) {
      expect((await guess(PHONE_A, toProve)).status).toBe(401);
      expect((await post(baseFor(0), 'phone/verify', { phone: PHONE_A, code: toLogIn, headers })).status).toBe(401);
    }
    expect((await guess(PHONE_A, toLogIn)).status).toBe(200);
    expect((await post(baseFor(1), 'phone/verify', { phone: PHONE_A, code: toProve, headers })).status).toBe(204);
  });

  it('sending anew does not begin the count anew', async () => {
    await holder(PHONE_A);
    const first = await codeFor(PHONE_A);
    for (let n = 1; n <= 3; n += 1) await guess(PHONE_A, anotherThan(first, n));
    const second = await codeFor(PHONE_A);
    for (let n = 1; n <= 2; n += 1) await guess(PHONE_A, anotherThan(second, n), baseFor(1));
    expect((await guess(PHONE_A, second)).status).toBe(401);
    expect((await post(baseFor(1), 'otp/request', { channel: 'sms', phone: PHONE_A })).status).toBe(429);
  });

  it('the address limit holds over two APIs, whatever X-Forwarded-For says', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 32; n += 1) {
      const phone = `+9199555${String(20_000 + n)}`;
      const headers = { 'X-Forwarded-For': `203.0.113.${String(n)}`, 'X-Real-IP': `203.0.113.${String(n)}` };
      const body = { channel: 'sms', phone, code: '123456', headers };
      statuses.push((await post(limited[n % 2]?.base ?? '', 'otp/verify', body)).status);
    }
    expect(statuses).toEqual([...(Array(30).fill(401) as number[]), 429, 429]);
  });

  it('twenty wrong guesses a day at one target are all, however often a new code is sent', async () => {
    const user = await holder(PHONE_A);
    expect(await guessAllDay(PHONE_A)).toMatchObject({ status: 429, code: 'rate_limited' });
    await forgetCodes();
    const right = await codeFor(PHONE_A);
    const refused = await guess(PHONE_A, right, limited[1]?.base);
    expect(refused.status).toBe(429);
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(codeGuessTarget.windowSeconds - 600);
    expect(retryAfter).toBeLessThanOrEqual(codeGuessTarget.windowSeconds);
    expect(await SessionModel.countDocuments()).toBe(0);
    // Guesses at the same phone by way of a proof of it are the same guesses.
    const { headers } = await openLogin(user);
    const proof = { phone: PHONE_A, code: right, headers };
    expect((await post(limited[0]?.base ?? '', 'phone/verify', proof)).status).toBe(429);
    await resetRateLimits();
    expect((await guess(PHONE_A, right, limited[0]?.base)).status).toBe(200);
  });

  it('the daily limit of a target nobody has is reached and answered alike', async () => {
    await holder(PHONE_A);
    const [known, unknown] = [await guessAllDay(PHONE_A), await guessAllDay(PHONE_B)];
    expect([known.status, unknown.status]).toEqual([429, 429]);
    const bare = ({ text }: Answer) => ({ ...(JSON.parse(text) as { error: object }).error, requestId: '' });
    expect(bare(known)).toEqual(bare(unknown));
    const names = ({ headers }: Answer) => [...headers.keys()].toSorted();
    expect(names(known)).toEqual(names(unknown));
  });

  it('right codes are no guesses', async () => {
    await holder(PHONE_A);
    for (let n = 0; n < codeGuessTarget.limit + 2; n += 1) {
      expect((await guess(PHONE_A, await codeFor(PHONE_A), limited[n % 2]?.base)).status).toBe(200);
    }
  });

  it('the target limit holds over two APIs, whatever the spelling of the e-mail', async () => {
    const spellings = [
      'a@example.com',
      'A@example.com',
      ' a@EXAMPLE.com',
      'a@example.com ',
      'A@Example.Com',
      'a@example.COM',
    ];
    const statuses: number[] = [];
    for (const [n, email] of spellings.entries()) {
      statuses.push((await post(limited[n % 2]?.base ?? '', 'otp/request', { channel: 'email', email })).status);
    }
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
  });

  it('a code, its phone and its text appear in no log of API or worker, also when sending fails', async () => {
    await Promise.all([clearSms(localCloud.twilioUrl), clearSmsFaults(localCloud.twilioUrl)]);
    await holder(PHONE_A);
    const worker = await startWorker({ LOG_LEVEL: 'debug' });
    await setSmsFaults(localCloud.twilioUrl, { kind: 'fail_after' }, { kind: 'lose_answer' });
    const api = limited[0] ?? { base: '', lines: [] };
    expect((await post(api.base, 'otp/request', { channel: 'sms', phone: PHONE_A })).status).toBe(202);
    await eventually(async () => {
      expect(await OutboxModel.countDocuments({ event: 'auth.code_requested', doneAt: null })).toBe(0);
    }, 30_000);
    const code = codeIn((await waitForSms(localCloud.twilioUrl, { to: PHONE_A })).body);
    const wrong = await post(api.base, 'otp/verify', { channel: 'sms', phone: PHONE_A, code: anotherThan(code) });
    const right = await post(api.base, 'otp/verify', { channel: 'sms', phone: PHONE_A, code });
    expect([wrong.status, right.status]).toEqual([401, 200]);
    expect(wrong.text).not.toContain(PHONE_A);
    const log = [...worker.lines, ...limited.flatMap(({ lines }) => lines)].join('\n');
    expect(log).toContain('job failed, will retry');
    expect(log).toContain('/auth/otp/verify');
    for (const secret of [PHONE_A, encodeURIComponent(PHONE_A), 'is your QuickBite code'])
      expect(log).not.toContain(secret);
    expect(log).not.toMatch(new RegExp(`(?<![\\d.])${code}(?!\\d)`));
  });
});
