import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearSms, waitForSms } from '../../../scripts/local-cloud/control-client.ts';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { now, setClock } from '../../../src/shared/clock.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { anotherThan, codeIn, forgetCodes } from '../../support/codes.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
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
  setClock(null);
  await settled();
  await Promise.all([clearSms(localCloud.twilioUrl), emptyCollections()]);
});
afterAll(() => app.stop());

async function settled(): Promise<void> {
  await eventually(async () => {
    expect(await OutboxModel.countDocuments({ event: 'auth.code_requested', doneAt: null })).toBe(0);
  });
}

function ask({ headers }: Login, phone = PHONE) {
  return app.request.post('/api/v1/auth/phone/verify/request').set(headers).send({ phone, password: PASSWORD });
}

function verify({ headers }: Login, code: string, phone = PHONE) {
  return app.request.post('/api/v1/auth/phone/verify').set(headers).send({ phone, code });
}

async function codeFor(login: Login, phone = PHONE): Promise<string> {
  await clearSms(localCloud.twilioUrl);
  expect((await ask(login, phone)).status).toBe(202);
  return codeIn((await waitForSms(localCloud.twilioUrl, { to: phone })).body);
}

describe('POST /auth/phone/verify/request', () => {
  it('without a token, is 401', async () => {
    const res = await app.request.post('/api/v1/auth/phone/verify/request').send({ phone: PHONE });
    expect(res.status).toBe(401);
  });

  it('sends a code to any number, held or not, with one answer', async () => {
    const login = await logInAs();
    const free = await ask(login);
    await createUser({ phone: '+919955505678', phoneVerifiedAt: now() });
    const held = await ask(login, '+919955505678');
    expect([free.status, free.body]).toEqual([held.status, held.body]);
    expect(held).toMatchObject({ status: 202, body: { expiresInSeconds: 600 } });
    await waitForSms(localCloud.twilioUrl, { to: '+919955505678' });
  });

  it('shares its count per number with the codes to log in', async () => {
    const login = await logInAs();
    for (let n = 0; n < 5; n += 1) expect((await ask(login)).status).toBe(202);
    const body = { channel: 'sms', phone: PHONE };
    expect((await app.request.post('/api/v1/auth/otp/request').send(body)).status).toBe(429);
  });
});

describe('text messages to numbers of one’s own choice', () => {
  it('are ten in a day for one account, however many numbers', async () => {
    const login = await logInAs();
    const statuses: number[] = [];
    for (let n = 10; n < 22; n += 1) statuses.push((await ask(login, `+9199555012${String(n)}`)).status);
    expect(statuses).toEqual([...Array<number>(10).fill(202), 429, 429]);
  });

  it('are twenty in an hour from one address, however many accounts', async () => {
    const statuses: number[] = [];
    for (let account = 0; account < 6; account += 1) {
      const login = await logInAs();
      for (let n = 0; n < 5; n += 1)
        statuses.push((await ask(login, `+91995550${String(account)}${String(100 + n)}`)).status);
    }
    expect(statuses.filter((status) => status === 202)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  });
});

describe('POST /auth/phone/verify', () => {
  it('is not spoilt by others: their requests and wrong guesses for the same number leave one’s code alone', async () => {
    const [login, stranger] = [await logInAs(), await logInAs()];
    const code = await codeFor(login);
    expect((await ask(stranger)).status).toBe(202);
    await settled();
    for (let n = 1; n <= 6; n += 1) expect(await verify(stranger, anotherThan(code, n))).toMatchObject(INVALID);
    expect((await verify(login, code)).status).toBe(204);
  });

  it('with the code, makes the number the account’s, proven, on the record, and tells its owner', async () => {
    const login = await logInAs({ phone: '+919955500001' });
    const code = await codeFor(login);
    expect((await verify(login, code)).status).toBe(204);
    expect(await UserModel.findById(login.userId).lean()).toMatchObject({
      phone: PHONE,
      phoneVerifiedAt: expect.any(Date) as unknown,
    });
    expect(await AuditModel.find({ event: 'phone.verified' }).lean()).toMatchObject([
      { actorId: login.userId, subjectId: login.userId, before: null, after: { phone: '+91***34' } },
    ]);
    expect(await OutboxModel.findOne({ event: 'auth.account_changed' }).lean()).toMatchObject({
      payload: { userId: login.userId, change: 'phone_verified' },
    });
  });

  it('in place of another proven number, tells the owner that it was replaced; the record holds neither', async () => {
    const login = await logInAs({ phone: '+919955500001', phoneVerifiedAt: now() });
    expect((await verify(login, await codeFor(login))).status).toBe(204);
    expect(await AuditModel.findOne({ event: 'phone.verified' }).lean()).toMatchObject({
      before: { phone: '+91***01' },
      after: { phone: '+91***34' },
    });
    expect(await OutboxModel.findOne({ event: 'auth.account_changed' }).lean()).toMatchObject({
      payload: { userId: login.userId, change: 'phone_replaced' },
    });
  });

  it('takes the number from an account that only claimed it', async () => {
    const claimer = await createUser({ phone: PHONE });
    const login = await logInAs();
    expect((await verify(login, await codeFor(login))).status).toBe(204);
    expect(await UserModel.findById(claimer._id).lean()).toMatchObject({ phone: null, phoneVerifiedAt: null });
    expect(await UserModel.findById(login.userId).lean()).toMatchObject({ phone: PHONE });
    expect(await AuditModel.findOne({ event: 'phone.verified' }).lean()).toMatchObject({
      before: { claimedById: claimer._id },
    });
  });

  it('for a number that another account has proven, is 409, and only after the right code', async () => {
    const holder = await createUser({ phone: PHONE, phoneVerifiedAt: now() });
    const login = await logInAs();
    const code = await codeFor(login);
    expect(await verify(login, anotherThan(code))).toMatchObject(INVALID);
    expect(await verify(login, code)).toMatchObject({ status: 409, body: { error: { code: 'phone_taken' } } });
    expect(await UserModel.findById(holder._id).lean()).toMatchObject({ phone: PHONE });
    expect(await UserModel.findById(login.userId).lean()).toMatchObject({ phone: null });
    expect(await AuditModel.countDocuments({ event: 'phone.verified' })).toBe(0);
  });

  it('with the code of another account, is 401, and costs that account no guess', async () => {
    const login = await logInAs();
    const stranger = await logInAs();
    const code = await codeFor(login);
    for (let n = 0; n < 6; n += 1) expect(await verify(stranger, code)).toMatchObject(INVALID);
    expect((await verify(login, code)).status).toBe(204);
  });

  it('with a wrong code, is 401, noted, and changes nothing', async () => {
    const login = await logInAs();
    const code = await codeFor(login);
    expect(await verify(login, anotherThan(code))).toMatchObject(INVALID);
    await eventually(async () => {
      expect(await AuditModel.findOne({ event: 'auth.code_failed' }).lean()).toMatchObject({
        actorId: login.userId,
        subjectId: login.userId,
      });
    });
    expect(await UserModel.findById(login.userId).lean()).toMatchObject({ phone: null });
  });

  it('by two accounts in turn, gives the number to the first and refuses the second', async () => {
    const [first, second] = [await logInAs(), await logInAs()];
    expect((await verify(first, await codeFor(first))).status).toBe(204);
    await resetRateLimits();
    expect((await verify(second, await codeFor(second))).status).toBe(409);
    expect(await UserModel.countDocuments({ phone: PHONE })).toBe(1);
  });
});

function remove({ headers }: Login, body: object = { password: PASSWORD }) {
  return app.request.delete('/api/v1/auth/phone').set(headers).send(body);
}

describe('DELETE /auth/phone', () => {
  it('with the password, takes the number off, on the record without it, and tells the owner', async () => {
    const login = await logInAs({ phone: PHONE, phoneVerifiedAt: now() });
    expect((await remove(login)).status).toBe(204);
    expect(await UserModel.findById(login.userId).lean()).toMatchObject({ phone: null, phoneVerifiedAt: null });
    expect(await AuditModel.find({ event: 'phone.removed' }).lean()).toMatchObject([
      { actorId: login.userId, subjectId: login.userId, before: { phone: '+91***34' } },
    ]);
    expect(await OutboxModel.findOne({ event: 'auth.account_changed' }).lean()).toMatchObject({
      payload: { userId: login.userId, change: 'phone_removed' },
    });
  });

  it('of an account that has none, is 404 and tells nobody', async () => {
    expect((await remove(await logInAs())).status).toBe(404);
    expect(await OutboxModel.countDocuments()).toBe(0);
  });

  it('without a password, wants a log-in of the last ten minutes', async () => {
    const login = await logInAs({ phone: PHONE, passwordHash: null });
    setClock({ offsetMs: 601_000 });
    expect(await remove(login, {})).toMatchObject({ status: 422, body: { error: { code: 'log_in_again' } } });
    setClock(null);
    expect((await remove(login, {})).status).toBe(204);
  });

  it('without a token, is 401', async () => {
    expect((await app.request.delete('/api/v1/auth/phone').send({ password: PASSWORD })).status).toBe(401);
  });
});
