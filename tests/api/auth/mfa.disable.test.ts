import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { SecondFactorModel } from '../../../src/modules/auth/second-factor/second-factor.model.ts';
import {
  disableSecondFactorRoute,
  renewRecoveryCodesRoute,
} from '../../../src/modules/auth/second-factor/second-factor.schema.ts';
import { PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { codeOf, createGuardedUser, wrongCode, type Guarded } from '../../support/second-factor.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function post(route: string, login: Login, body: object) {
  return app.request.post(`/api/v1/auth/mfa/${route}`).set(login.headers).send(body);
}

async function signedIn(): Promise<Guarded & { login: Login }> {
  const guarded = await createGuardedUser();
  return { ...guarded, login: await openLogin(guarded.user) };
}

describe('POST /auth/mfa/disable', () => {
  it.each(['code', 'recoveryCode'] as const)('with %s and password ends the factor and every session', async (kind) => {
    const { login, secret, recoveryCodes } = await signedIn();
    const proof = kind === 'code' ? { code: codeOf(secret) } : { recoveryCode: recoveryCodes[0] };
    const res = await post('disable', login, { ...proof, password: PASSWORD });
    expectContract(disableSecondFactorRoute, res);
    expect((await app.request.get('/api/v1/me').set(login.headers)).status).toBe(401);
    const { accessToken } = res.body as { accessToken: string };
    const me = await app.request.get('/api/v1/me').set('Authorization', `Bearer ${accessToken}`);
    expect(me.body).toMatchObject({ hasSecondFactor: false });
    expect(await SecondFactorModel.countDocuments()).toBe(0);
    expect(await AuditModel.exists({ event: 'mfa.disabled', actorId: login.userId })).not.toBeNull();
    const logIn = await app.request.post('/api/v1/auth/login').send({ email: login.user.email, password: PASSWORD });
    expect(logIn.status).toBe(200);
  });

  it.each([
    ['a session alone', () => ({}), { status: 400, code: 'validation_failed' }],
    ['the password alone', () => ({ password: PASSWORD }), { status: 400, code: 'validation_failed' }],
    ['the code alone', (secret: string) => ({ code: codeOf(secret) }), { status: 422, code: 'password_wrong' }],
    [
      'a wrong code',
      (secret: string) => ({ code: wrongCode(secret), password: PASSWORD }),
      { status: 401, code: 'mfa_code_invalid' },
    ],
    [
      'a used code',
      (secret: string) => ({ code: codeOf(secret, -1), password: PASSWORD }),
      { status: 401, code: 'mfa_code_invalid' },
    ],
    [
      'a made-up recovery code',
      () => ({ recoveryCode: 'ABCDE-FGHJK', password: PASSWORD }),
      { status: 401, code: 'mfa_code_invalid' },
    ],
  ])('with %s the factor stays', async (_what, body, refusal) => {
    const { login, secret, user } = await signedIn();
    expect(errorOf(await post('disable', login, body(secret)))).toMatchObject(refusal);
    expect(await SecondFactorModel.findById(user._id).lean()).toMatchObject({ confirmedAt: expect.any(Date) as Date });
    expect((await app.request.get('/api/v1/me').set(login.headers)).body).toMatchObject({ hasSecondFactor: true });
  });

  it('needs the code alone where the account has no password', async () => {
    const { user, secret } = await createGuardedUser({ passwordHash: null });
    const res = await post('disable', await openLogin(user), { code: codeOf(secret) });
    expect(res.status, res.text).toBe(200);
  });

  it('notes a wrong code', async () => {
    const { login, secret } = await signedIn();
    await post('disable', login, { code: wrongCode(secret), password: PASSWORD });
    await eventually(async () => {
      expect(await AuditModel.countDocuments({ event: 'mfa.failed', subjectId: login.userId })).toBe(1);
    });
  });

  it('without a factor is 409 mfa_not_enabled', async () => {
    const res = await post('disable', await logInAs(), { code: '123456', password: PASSWORD });
    expect(errorOf(res)).toMatchObject({ status: 409, code: 'mfa_not_enabled' });
  });
});

describe('POST /auth/mfa/recovery-codes', () => {
  it('shows ten new codes, and the old ones end', async () => {
    const { login, secret, recoveryCodes, user } = await signedIn();
    const res = await post('recovery-codes', login, { code: codeOf(secret) });
    expectContract(renewRecoveryCodesRoute, res);
    const renewed = (res.body as { recoveryCodes: string[] }).recoveryCodes;
    expect(new Set([...renewed, ...recoveryCodes]).size).toBe(20);
    expect((await SecondFactorModel.findById(user._id).lean())?.recoveryMacs).toHaveLength(10);
    expect(await AuditModel.exists({ event: 'mfa.recovery_codes_renewed' })).not.toBeNull();
    const withOld = await post('disable', login, { recoveryCode: recoveryCodes[0], password: PASSWORD });
    expect(withOld.status).toBe(401);
    expect((await post('disable', login, { recoveryCode: renewed[0], password: PASSWORD })).status).toBe(200);
  });

  it('with one code twenty times at once renews once', async () => {
    const { login, secret } = await signedIn();
    const code = codeOf(secret);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('recovery-codes', login, { code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('takes no recovery code, and without a factor is 409', async () => {
    const { login, recoveryCodes } = await signedIn();
    expect((await post('recovery-codes', login, { recoveryCode: recoveryCodes[0] })).status).toBe(400);
    const res = await post('recovery-codes', await logInAs(), { code: '123456' });
    expect(errorOf(res)).toMatchObject({ status: 409, code: 'mfa_not_enabled' });
  });
});
