import { URI } from 'otpauth';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { SecondFactorModel } from '../../../src/modules/auth/second-factor/second-factor.model.ts';
import {
  confirmSecondFactorRoute,
  setUpSecondFactorRoute,
} from '../../../src/modules/auth/second-factor/second-factor.schema.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { codeOf, createGuardedUser, wrongCode } from '../../support/second-factor.ts';

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

function post(route: string, login: Login, body: object) {
  return app.request.post(`/api/v1/auth/mfa/${route}`).set(login.headers).send(body);
}

async function setUp(login: Login): Promise<string> {
  const res = await post('setup', login, { password: PASSWORD });
  expect(res.status, res.text).toBe(200);
  return (res.body as { secret: string }).secret;
}

describe('POST /auth/mfa/setup', () => {
  it('shows a secret and its address for the app, and guards nothing yet', async () => {
    const login = await logInAs({ email: 'asha@example.com' });
    const res = await post('setup', login, { password: PASSWORD });
    expectContract(setUpSecondFactorRoute, res);
    const { secret, otpauthUri } = res.body as { secret: string; otpauthUri: string };
    expect(URI.parse(otpauthUri)).toMatchObject({
      ...{ issuer: 'QuickBite', label: 'asha@example.com', algorithm: 'SHA1', digits: 6, period: 30 },
      secret: { base32: secret },
    });
    expect(res.headers['cache-control']).toBe('no-store');
    const stored = await SecondFactorModel.findById(login.userId).lean();
    expect(stored).toMatchObject({ confirmedAt: null, recoveryMacs: [] });
    expect(JSON.stringify(stored)).not.toContain(secret);
    const logIn = await app.request.post('/api/v1/auth/login').send({ email: 'asha@example.com', password: PASSWORD });
    expect(logIn.status).toBe(200);
  });

  it.each([
    ['no password', {}],
    ['a wrong password', { password: 'wrong horse battery' }],
  ])('with %s is 422, and nothing is begun', async (_what, body) => {
    const login = await logInAs();
    expect(errorOf(await post('setup', login, body))).toMatchObject({ status: 422, code: 'password_wrong' });
    expect(await SecondFactorModel.countDocuments()).toBe(0);
  });

  it('needs a log-in of just now where there is no password', async () => {
    const login = await logInAs({ passwordHash: null });
    expect((await post('setup', login, {})).status).toBe(200);
    setClock({ offsetMs: 11 * 60_000 });
    expect(errorOf(await post('setup', login, {}))).toMatchObject({ status: 422, code: 'log_in_again' });
  });

  it('over an existing factor is 409, and the factor stays as it is', async () => {
    const { user } = await createGuardedUser();
    const before = await SecondFactorModel.findById(user._id).lean();
    const res = await post('setup', await openLogin(user), { password: PASSWORD });
    expect(errorOf(res)).toMatchObject({ status: 409, code: 'mfa_already_enabled' });
    expect(await SecondFactorModel.findById(user._id).lean()).toEqual(before);
  });

  it('twenty at once leave one secret, and every answer is one of 200', async () => {
    const login = await logInAs();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('setup', login, { password: PASSWORD })));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await SecondFactorModel.countDocuments()).toBe(1);
  });
});

describe('POST /auth/mfa/confirm', () => {
  it('ends every session and goes on with a new one, shows ten codes, is audited, and tells the owner', async () => {
    const login = await logInAs();
    const laptop = await openLogin(login.user);
    const secret = await setUp(login);
    const res = await post('confirm', login, { code: codeOf(secret) });
    expectContract(confirmSecondFactorRoute, res);
    const { accessToken, recoveryCodes } = res.body as { accessToken: string; recoveryCodes: string[] };
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(res.headers['x-device-token']).toEqual(expect.any(String));
    for (const { headers } of [login, laptop]) {
      expect((await app.request.get('/api/v1/me').set(headers)).status).toBe(401);
    }
    const me = await app.request.get('/api/v1/me').set({ Authorization: `Bearer ${accessToken}` });
    expect(me.body).toMatchObject({ id: login.userId, hasSecondFactor: true });
    const stored = await SecondFactorModel.findById(login.userId).lean();
    expect(recoveryCodes.filter((code) => JSON.stringify(stored).includes(code))).toEqual([]);
    expect(await AuditModel.exists({ event: 'mfa.enabled', actorId: login.userId })).not.toBeNull();
    const notices = await OutboxModel.find({ event: 'auth.account_changed' }).lean();
    expect(notices).toMatchObject([{ payload: { userId: login.userId, change: 'mfa_enabled' } }]);
    // The same device goes on: nobody is warned of a new one.
    expect(await OutboxModel.countDocuments({ event: 'auth.new_device' })).toBe(0);
  });

  it('with a wrong code is 401, audited, and nothing is guarded', async () => {
    const login = await logInAs();
    const secret = await setUp(login);
    const res = await post('confirm', login, { code: wrongCode(secret) });
    expect(errorOf(res)).toMatchObject({ status: 401, code: 'mfa_code_invalid' });
    expect(await SecondFactorModel.findById(login.userId).lean()).toMatchObject({ confirmedAt: null });
    expect((await app.request.get('/api/v1/me').set(login.headers)).body).toMatchObject({ hasSecondFactor: false });
  });

  it('with the code of a secret that was replaced is 401', async () => {
    const login = await logInAs();
    const forgotten = await setUp(login);
    await setUp(login);
    expect((await post('confirm', login, { code: codeOf(forgotten) })).status).toBe(401);
  });

  it('with nothing begun is 409 mfa_not_enabled', async () => {
    const res = await post('confirm', await logInAs(), { code: '123456' });
    expect(errorOf(res)).toMatchObject({ status: 409, code: 'mfa_not_enabled' });
  });

  it('twenty at once with the right code confirm once', async () => {
    const login = await logInAs();
    const code = codeOf(await setUp(login));
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('confirm', login, { code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await AuditModel.countDocuments({ event: 'mfa.enabled' })).toBe(1);
  });

  it.each([[{ $ne: null }], [123456], [['123456']], ['12345'], ['1234567'], ['12345a'], ['١٢٣٤٥٦']])(
    'with the code %j is 400',
    async (code) => {
      const login = await logInAs();
      await setUp(login);
      expect((await post('confirm', login, { code })).status).toBe(400);
    },
  );
});
