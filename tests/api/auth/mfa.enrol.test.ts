import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import '../../setup/with-required-second-factor.ts';
import { SecondFactorModel } from '../../../src/modules/auth/second-factor/second-factor.model.ts';
import {
  enrolSecondFactorRoute,
  verifySecondFactorRoute,
} from '../../../src/modules/auth/second-factor/second-factor.schema.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import type { Role } from '../../../src/shared/actor.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { openLogin } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { challengeIn, codeOf, createGuardedUser, wrongCode } from '../../support/second-factor.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function logIn({ email }: { email: string }) {
  return app.request.post('/api/v1/auth/login').send({ email, password: PASSWORD });
}

function post(route: string, body: object) {
  return app.request.post(`/api/v1/auth/mfa/${route}`).send(body);
}

async function enrol(challenge: string): Promise<string> {
  const res = await post('enrol', { challenge });
  expectContract(enrolSecondFactorRoute, res);
  return (res.body as { secret: string }).secret;
}

describe('where a second factor is required', () => {
  it.each<Role>(['support', 'admin'])('%s without one gets in by setting it up on the way', async (role) => {
    const user = await createUser({ roles: ['customer', role] });
    const old = await openLogin(user);
    const refused = await logIn(user);
    expect(errorOf(refused)).toMatchObject({ status: 401, details: { mustEnrol: true } });
    expect(await SessionModel.countDocuments()).toBe(1);
    const challenge = challengeIn(refused);
    const secret = await enrol(challenge);
    const res = await post('verify', { challenge, code: codeOf(secret) });
    expectContract(verifySecondFactorRoute, res);
    const { accessToken, recoveryCodes } = res.body as { accessToken: string; recoveryCodes: string[] };
    expect(recoveryCodes).toHaveLength(10);
    const me = await app.request.get('/api/v1/me').set('Authorization', `Bearer ${accessToken}`);
    expect(me.body).toMatchObject({ hasSecondFactor: true });
    // A session from before was opened with one factor.
    expect((await app.request.get('/api/v1/me').set(old.headers)).status).toBe(401);
    expect(errorOf(await logIn(user))).toMatchObject({ code: 'mfa_required', details: { mustEnrol: false } });
  });

  it.each<Role>(['customer', 'courier', 'restaurant'])('a %s gets in without', async (role) => {
    expect((await logIn(await createUser({ roles: [role] }))).status).toBe(200);
  });

  it('nothing opens before the app has shown a code: no code, a wrong one, a recovery code', async () => {
    const user = await createUser({ roles: ['admin'] });
    const challenge = challengeIn(await logIn(user));
    expect(errorOf(await post('verify', { challenge, code: '123456' })).code).toBe('mfa_not_enabled');
    const secret = await enrol(challenge);
    const wrong = [{ code: wrongCode(secret) }, { recoveryCode: 'ABCDE-FGHJK' }];
    for (const proof of wrong) {
      expect(errorOf(await post('verify', { challenge, ...proof })).code).toBe('mfa_code_invalid');
    }
    expect(await SessionModel.countDocuments()).toBe(0);
    expect((await post('verify', { challenge, code: codeOf(secret) })).status).toBe(200);
  });

  it('of two who enrol the same account the code of the last secret counts, and the other challenge ends', async () => {
    const user = await createUser({ roles: ['admin'] });
    const [one, other] = [challengeIn(await logIn(user)), challengeIn(await logIn(user))];
    const forgotten = await enrol(one);
    const secret = await enrol(other);
    expect(errorOf(await post('verify', { challenge: one, code: codeOf(forgotten) })).code).toBe('mfa_code_invalid');
    expect((await post('verify', { challenge: other, code: codeOf(secret) })).status).toBe(200);
    expect(errorOf(await post('enrol', { challenge: one })).code).toBe('mfa_challenge_invalid');
    expect(errorOf(await post('verify', { challenge: one, code: codeOf(secret, 1) })).code).toBe(
      'mfa_challenge_invalid',
    );
  });

  it('twenty right codes at once enrol once and open one session', async () => {
    const user = await createUser({ roles: ['admin'] });
    const challenge = challengeIn(await logIn(user));
    const code = codeOf(await enrol(challenge));
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('verify', { challenge, code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await SessionModel.countDocuments({ userId: user._id })).toBe(1);
  });

  it('an e-mail that was never proven is 422 at the enrolment, and nothing begins', async () => {
    const user = await createUser({ roles: ['admin'], emailVerifiedAt: null });
    const res = await post('enrol', { challenge: challengeIn(await logIn(user)) });
    expect(errorOf(res)).toMatchObject({ status: 422, code: 'email_not_verified' });
    expect(await SecondFactorModel.countDocuments()).toBe(0);
  });

  it('an unknown challenge enrols nobody', async () => {
    const res = await post('enrol', { challenge: `${'0'.repeat(24)}.x.${'0'.repeat(64)}` });
    expect(errorOf(res)).toMatchObject({ status: 401, code: 'mfa_challenge_invalid' });
    expect(await SecondFactorModel.countDocuments()).toBe(0);
  });

  it('nobody of these roles disables it', async () => {
    const { user, secret } = await createGuardedUser({ roles: ['support'] });
    const { headers } = await openLogin(user);
    const body = { code: codeOf(secret), password: PASSWORD };
    const res = await app.request.post('/api/v1/auth/mfa/disable').set(headers).send(body);
    expect(errorOf(res)).toMatchObject({ status: 422, code: 'mfa_mandatory' });
    expect(await SecondFactorModel.countDocuments()).toBe(1);
  });
});
