import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { openChallenge } from '../../../src/modules/auth/second-factor/challenge.ts';
import { SecondFactorModel } from '../../../src/modules/auth/second-factor/second-factor.model.ts';
import { verifySecondFactorRoute } from '../../../src/modules/auth/second-factor/second-factor.schema.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { redisClients, redisKey } from '../../../src/infra/redis/index.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { openLogin } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { challengeIn, codeOf, createGuardedUser, wrongCode, type Guarded } from '../../support/second-factor.ts';

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

/** The first factor, shown. */
async function challengeFor({ user }: Pick<Guarded, 'user'>): Promise<string> {
  return challengeIn(await app.request.post('/api/v1/auth/login').send({ email: user.email, password: PASSWORD }));
}

function verify(body: object) {
  return app.request.post('/api/v1/auth/mfa/verify').send(body);
}

function sessionsOf({ user }: Guarded): Promise<number> {
  return SessionModel.countDocuments({ userId: user._id });
}

const TWENTY = Array.from({ length: 20 });

describe('a log-in with two factors', () => {
  it('answers the password with a challenge and no token, and the code with tokens', async () => {
    const asha = await createGuardedUser();
    const first = await app.request.post('/api/v1/auth/login').send({ email: asha.user.email, password: PASSWORD });
    expect(errorOf(first)).toMatchObject({
      ...{ status: 401, code: 'mfa_required' },
      details: { challenge: expect.any(String) as string, mustEnrol: false, expiresInSeconds: 300 },
    });
    expect(first.text).not.toContain('Token');
    expect(await sessionsOf(asha)).toBe(0);
    const res = await verify({ challenge: challengeIn(first), code: codeOf(asha.secret) });
    expectContract(verifySecondFactorRoute, res);
    expect(res.body).toMatchObject({ user: { id: asha.user._id } });
    expect(res.body).not.toHaveProperty('recoveryCodes');
    const { accessToken } = res.body as { accessToken: string };
    expect((await app.request.get('/api/v1/me').set('Authorization', `Bearer ${accessToken}`)).status).toBe(200);
    expect(await SessionModel.findOne({ userId: asha.user._id }).lean()).toMatchObject({ method: 'password' });
  });

  it('puts the refresh token into the cookie where that is asked for', async () => {
    const asha = await createGuardedUser();
    const challenge = await challengeFor(asha);
    const res = await verify({ challenge, code: codeOf(asha.secret), refreshTokenIn: 'cookie' });
    expect(res.body).not.toHaveProperty('refreshToken');
    expect(String(res.headers['set-cookie'])).toContain('__Host-');
  });

  it.each([
    ['the one before', -1, 401],
    ['the present one', 0, 200],
    ['the next one', 1, 200],
    ['the one after the next', 2, 401],
  ])('with the code of %s, the one before being used: %i', async (_what, steps, status) => {
    const asha = await createGuardedUser();
    const res = await verify({ challenge: await challengeFor(asha), code: codeOf(asha.secret, steps) });
    expect(res.status, res.text).toBe(status);
  });
});

describe('a code', () => {
  it('that was used is refused by the next challenge, and so is an older one', async () => {
    const asha = await createGuardedUser();
    const [used, older] = [codeOf(asha.secret, 1), codeOf(asha.secret)];
    expect((await verify({ challenge: await challengeFor(asha), code: used })).status).toBe(200);
    for (const code of [used, older]) {
      const res = await verify({ challenge: await challengeFor(asha), code });
      expect(errorOf(res)).toMatchObject({ status: 401, code: 'mfa_code_invalid' });
    }
    expect(await sessionsOf(asha)).toBe(1);
  });

  it('sent twenty times at once with one challenge opens one session', async () => {
    const asha = await createGuardedUser();
    const body = { challenge: await challengeFor(asha), code: codeOf(asha.secret) };
    const answers = await Promise.all(TWENTY.map(() => verify(body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => ![200, 401, 429].includes(status))).toEqual([]);
    expect(await sessionsOf(asha)).toBe(1);
  });

  it('sent with ten challenges at once opens one session', async () => {
    const asha = await createGuardedUser();
    const challenges = await Promise.all(Array.from({ length: 10 }, () => challengeOf(asha)));
    const code = codeOf(asha.secret);
    const answers = await Promise.all(challenges.map((challenge) => verify({ challenge, code })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...(Array(9).fill(401) as number[])]);
    expect(await sessionsOf(asha)).toBe(1);
  });

  it('of somebody else is refused', async () => {
    const [asha, mallory] = [await createGuardedUser(), await createGuardedUser()];
    const res = await verify({ challenge: await challengeFor(asha), code: codeOf(mallory.secret) });
    expect(errorOf(res).code).toBe('mfa_code_invalid');
    expect(await sessionsOf(asha)).toBe(0);
  });

  it('of a sealed secret that was moved from another account or changed is refused, and nothing breaks', async () => {
    const [asha, mallory] = [await createGuardedUser(), await createGuardedUser()];
    const { sealedSecret = '' } = (await SecondFactorModel.findById(mallory.user._id).lean()) ?? {};
    const flipped = Buffer.from(sealedSecret, 'base64url');
    flipped.writeUInt8(flipped.readUInt8(40) ^ 1, 40);
    for (const sealed of [sealedSecret, flipped.toString('base64url'), 'AAAA', '']) {
      await SecondFactorModel.updateOne({ _id: asha.user._id }, { $set: { sealedSecret: sealed, lastStep: 0 } });
      const res = await verify({ challenge: await challengeFor(asha), code: codeOf(mallory.secret) });
      expect(errorOf(res)).toMatchObject({ status: 401, code: 'mfa_code_invalid' });
    }
    const [recoveryCode] = asha.recoveryCodes;
    expect((await verify({ challenge: await challengeFor(asha), recoveryCode })).status).toBe(200);
  });
});

/** Without hashing and without the limit of log-ins. */
function challengeOf({ user }: Guarded, changes: { mustEnrol?: boolean; sessionVersion?: number } = {}) {
  const { sessionVersion } = user;
  return openChallenge({ userId: user._id, method: 'password', sessionVersion, mustEnrol: false, ...changes });
}

async function forgetChallenges(): Promise<void> {
  const keys = await redisClients().cache.keys(`${redisKey('mfa-challenge')}*`);
  if (keys.length > 0) await redisClients().cache.del(...keys);
}

describe('a recovery code', () => {
  it('is good once, however it is written down, and the owner hears of it', async () => {
    const asha = await createGuardedUser();
    const recoveryCode = ` ${asha.recoveryCodes[3]?.toLowerCase().replace('-', ' ') ?? ''} `;
    expect((await verify({ challenge: await challengeFor(asha), recoveryCode })).status).toBe(200);
    const again = await verify({ challenge: await challengeFor(asha), recoveryCode });
    expect(errorOf(again)).toMatchObject({ status: 401, code: 'mfa_code_invalid' });
    expect(await sessionsOf(asha)).toBe(1);
    expect(await AuditModel.countDocuments({ event: 'mfa.recovery_code_used', subjectId: asha.user._id })).toBe(1);
    const changes = await OutboxModel.distinct('payload.change', { event: 'auth.account_changed' });
    expect(changes).toContain('mfa_recovery_code_used');
  });

  it('with ten challenges at once opens one session', async () => {
    const asha = await createGuardedUser();
    const challenges = await Promise.all(Array.from({ length: 10 }, () => challengeOf(asha)));
    const [recoveryCode] = asha.recoveryCodes;
    const answers = await Promise.all(challenges.map((challenge) => verify({ challenge, recoveryCode })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await sessionsOf(asha)).toBe(1);
  });

  it('of another account is refused', async () => {
    const [asha, mallory] = [await createGuardedUser(), await createGuardedUser()];
    const [recoveryCode] = mallory.recoveryCodes;
    expect((await verify({ challenge: await challengeFor(asha), recoveryCode })).status).toBe(401);
  });
});

describe('a challenge', () => {
  it('takes five tries, and after them not even the right code', async () => {
    const asha = await createGuardedUser();
    const challenge = await challengeFor(asha);
    for (let n = 0; n < 5; n += 1) {
      expect(errorOf(await verify({ challenge, code: wrongCode(asha.secret) })).code).toBe('mfa_code_invalid');
    }
    const res = await verify({ challenge, code: codeOf(asha.secret) });
    expect(errorOf(res)).toMatchObject({ status: 401, code: 'mfa_challenge_invalid' });
    expect(await sessionsOf(asha)).toBe(0);
    await eventually(async () => {
      const failed = { event: 'auth.log_in_failed', subjectId: asha.user._id, reason: 'mfa_code_invalid' } as const;
      const rows = await AuditModel.find(failed).lean();
      expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(5);
    });
  });

  it('evaluates five of twenty wrong codes that arrive at once', async () => {
    const asha = await createGuardedUser();
    const challenge = await challengeFor(asha);
    const code = wrongCode(asha.secret);
    const answers = await Promise.all(TWENTY.map(() => verify({ challenge, code })));
    const codes = answers.map((res) => errorOf(res).code);
    expect(codes.filter((one) => one === 'mfa_code_invalid')).toHaveLength(5);
    expect(codes.filter((one) => one === 'mfa_challenge_invalid')).toHaveLength(15);
  });

  it('opens one session with two different right codes at once', async () => {
    const asha = await createGuardedUser();
    const challenge = await challengeFor(asha);
    const [one, other] = asha.recoveryCodes;
    const proofs = [{ recoveryCode: one }, { recoveryCode: other }, { code: codeOf(asha.secret) }];
    const answers = await Promise.all(proofs.map((proof) => verify({ challenge, ...proof })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await sessionsOf(asha)).toBe(1);
  });

  it('that has opened a session opens no other', async () => {
    const asha = await createGuardedUser();
    const challenge = await challengeFor(asha);
    expect((await verify({ challenge, code: codeOf(asha.secret) })).status).toBe(200);
    const [recoveryCode] = asha.recoveryCodes;
    expect(errorOf(await verify({ challenge, recoveryCode })).code).toBe('mfa_challenge_invalid');
    // And the recovery code is not lost by it.
    expect((await verify({ challenge: await challengeFor(asha), recoveryCode })).status).toBe(200);
  });

  it('ends after five minutes', async () => {
    const asha = await createGuardedUser();
    await forgetChallenges();
    const challenge = await challengeFor(asha);
    const [key = ''] = await redisClients().cache.keys(`${redisKey('mfa-challenge')}*`);
    expect(await redisClients().cache.ttl(key)).toBeGreaterThan(290);
    expect(await redisClients().cache.ttl(key)).toBeLessThanOrEqual(300);
    expect(key).not.toContain(challenge);
    await forgetChallenges();
    expect(errorOf(await verify({ challenge, code: codeOf(asha.secret) })).code).toBe('mfa_challenge_invalid');
  });

  it.each([
    ['the account is suspended', { status: 'suspended' }],
    ['every session was ended', { sessionVersion: 99 }],
  ])('ends when %s', async (_what, changes) => {
    const asha = await createGuardedUser();
    const challenge = await challengeFor(asha);
    await UserModel.updateOne({ _id: asha.user._id }, { $set: changes });
    expect(errorOf(await verify({ challenge, code: codeOf(asha.secret) })).code).toBe('mfa_challenge_invalid');
    expect(await sessionsOf(asha)).toBe(0);
  });

  it('is neither an access token nor a refresh token, and they are no challenge', async () => {
    const asha = await createGuardedUser();
    const challenge = await challengeFor(asha);
    expect((await app.request.get('/api/v1/me').set('Authorization', `Bearer ${challenge}`)).status).toBe(401);
    expect((await app.request.post('/api/v1/auth/refresh').send({ refreshToken: challenge })).status).toBe(401);
    const { accessToken, refreshToken } = await openLogin(asha.user);
    for (const token of [accessToken, refreshToken]) {
      const res = await verify({ challenge: token.slice(0, 200), code: codeOf(asha.secret) });
      expect(errorOf(res).code).toBe('mfa_challenge_invalid');
    }
  });

  it('that was changed to name another account is refused', async () => {
    const [asha, mallory] = [await createGuardedUser(), await createGuardedUser()];
    const challenge = (await challengeFor(mallory)).replace(mallory.user._id, asha.user._id);
    expect(errorOf(await verify({ challenge, code: codeOf(mallory.secret) })).code).toBe('mfa_challenge_invalid');
  });

  it('for a factor that is there enrols no other', async () => {
    const asha = await createGuardedUser();
    const before = await SecondFactorModel.findById(asha.user._id).lean();
    const res = await app.request.post('/api/v1/auth/mfa/enrol').send({ challenge: await challengeFor(asha) });
    expect(errorOf(res)).toMatchObject({ status: 401, code: 'mfa_challenge_invalid' });
    expect(await SecondFactorModel.findById(asha.user._id).lean()).toEqual(before);
  });

  it.each([
    ['no proof', {}],
    ['two proofs', { code: '123456', recoveryCode: 'ABCDE-FGHJK' }],
    ['an operator', { recoveryCode: { $ne: null } }],
    ['a list', { code: ['123456'] }],
    ['an empty recovery code', { recoveryCode: '' }],
  ])('with %s is 400', async (_what, proof) => {
    const asha = await createGuardedUser();
    expect((await verify({ challenge: await challengeFor(asha), ...proof })).status).toBe(400);
  });
});

describe('guessing', () => {
  it('over many challenges ends after twenty wrong codes of one account, for the right one too', async () => {
    const asha = await createGuardedUser();
    const code = wrongCode(asha.secret);
    for (let n = 0; n < 20; n += 1) {
      const res = await verify({ challenge: await challengeOf(asha), code });
      expect(errorOf(res).code).toBe('mfa_code_invalid');
    }
    const limited = await verify({ challenge: await challengeOf(asha), code: codeOf(asha.secret) });
    expect(errorOf(limited)).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    // With a session it is the same count; another account has its own.
    const { headers } = await openLogin(asha.user);
    const renewal = await app.request.post('/api/v1/auth/mfa/recovery-codes').set(headers).send({ code });
    expect(renewal.status).toBe(429);
    const other = await createGuardedUser();
    expect((await verify({ challenge: await challengeOf(other), code: codeOf(other.secret) })).status).toBe(200);
    // The owner, whose count somebody else has filled, gets in by paper.
    const [recoveryCode] = asha.recoveryCodes;
    expect((await verify({ challenge: await challengeOf(asha), recoveryCode })).status).toBe(200);
  });

  it('with challenges that we never made fills the count of nobody', async () => {
    const asha = await createGuardedUser();
    for (let n = 0; n < 21; n += 1) {
      const challenge = `${asha.user._id}.forged.${'0'.repeat(64)}`;
      expect(errorOf(await verify({ challenge, code: '123456' })).code).toBe('mfa_challenge_invalid');
    }
    expect((await verify({ challenge: await challengeFor(asha), code: codeOf(asha.secret) })).status).toBe(200);
  });
});
