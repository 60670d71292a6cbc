import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { beginRound, takeCode, type CodeRef, type CodeTarget } from '../../../src/modules/auth/codes/code-state.ts';
import { issueCode } from '../../../src/modules/auth/codes/codes.service.ts';
import { requestPhoneVerification, verifyPhone } from '../../../src/modules/auth/codes/phones.service.ts';
import { takePhone } from '../../../src/modules/users/index.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { now } from '../../../src/shared/clock.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { anotherThan, expireCodes, forgetCodes, redisDump } from '../../support/codes.ts';
import { logInAs } from '../../support/log-in.ts';
import { explainQueries, watchWrites } from '../../support/watch-commands.ts';

const PHONE = '+919955501234';
const LOG_IN: CodeTarget = { purpose: 'log-in', channel: 'sms', target: PHONE };

beforeAll(async () => {
  expect(localCloud.env).toHaveProperty('TWILIO_ACCOUNT_SID');
  await bootstrap();
});
beforeEach(forgetCodes);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

async function issued(ref: CodeRef): Promise<string> {
  const result = await issueCode(ref);
  if (result === null) throw new Error('no code was issued');
  return result.code;
}

async function userWithCode(): Promise<{ userId: string; code: string; ref: CodeRef }> {
  const user = await createUser({ phone: PHONE, phoneVerifiedAt: now() });
  const ref = await beginRound(LOG_IN);
  return { userId: user._id, code: await issued(ref), ref };
}

describe('takeCode', () => {
  it('of fifty guesses at once looks at the first five and no more', async () => {
    for (const place of [4, 5]) {
      await forgetCodes();
      await emptyCollections();
      const { userId, code } = await userWithCode();
      // One connection keeps the order: the right guess is the fifth, then the sixth.
      const guesses = Array.from({ length: 50 }, (_, index) => (index === place ? code : anotherThan(code, index + 1)));
      const results = await Promise.all(guesses.map((guess) => takeCode(LOG_IN, guess)));
      expect(results.filter((result) => result !== null)).toEqual(place === 4 ? [userId] : []);
      expect(await takeCode(LOG_IN, code)).toBeNull();
    }
  });

  it('of twenty right guesses at once lets one pass', async () => {
    const { userId, code } = await userWithCode();
    const results = await Promise.all(Array.from({ length: 20 }, () => takeCode(LOG_IN, code)));
    expect(results.filter((result) => result !== null)).toEqual([userId]);
  });

  it.each<[string, Partial<CodeTarget> & { holderId?: string }]>([
    ['another target', { target: '+919955505678' }],
    ['another channel', { channel: 'email' }],
    ['another purpose', { purpose: 'verify-phone' }],
    ['a holder', { holderId: '0'.repeat(24) }],
  ])('with %s, refuses the code', async (_, other) => {
    const { userId, code } = await userWithCode();
    const aim = { ...LOG_IN, ...other };
    if (aim.target !== LOG_IN.target || aim.channel !== 'sms' || aim.purpose !== 'log-in') await beginRound(aim);
    expect(await takeCode(aim, code)).toBeNull();
    expect(await takeCode(LOG_IN, code)).toBe(userId);
  });
});

describe('beginRound', () => {
  it('keeps the count of the rounds before, and refuses when it is used up, until the time is up', async () => {
    const { code } = await userWithCode();
    for (let step = 1; step <= 3; step += 1) expect(await takeCode(LOG_IN, anotherThan(code, step))).toBeNull();
    const second = await issued(await beginRound(LOG_IN));
    for (let step = 1; step <= 2; step += 1) expect(await takeCode(LOG_IN, anotherThan(second, step))).toBeNull();
    expect(await takeCode(LOG_IN, second)).toBeNull();
    const refusal = await beginRound(LOG_IN).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'rate_limited' });
    const { retryAfterSeconds } = refusal as { retryAfterSeconds: number };
    expect(retryAfterSeconds).toBeGreaterThan(590);
    expect(retryAfterSeconds).toBeLessThanOrEqual(600);
    await expireCodes();
    expect(await issued(await beginRound(LOG_IN))).toMatch(/^\d{6}$/);
  });

  it('for a target nobody has, burns like any other', async () => {
    const nobody = { ...LOG_IN, target: '+919955509999' };
    const ref = await beginRound(nobody);
    expect(await issueCode(ref)).toBeNull();
    for (let n = 0; n < 5; n += 1) expect(await takeCode(nobody, '123456')).toBeNull();
    await expect(beginRound(nobody)).rejects.toMatchObject({ code: 'rate_limited' });
  });
});

describe('issueCode', () => {
  it('again for the same round, makes a fresh code, and the last one is good', async () => {
    const { userId, code, ref } = await userWithCode();
    const fresh = await issued(ref);
    if (fresh !== code) expect(await takeCode(LOG_IN, code)).toBeNull();
    expect(await takeCode(LOG_IN, fresh)).toBe(userId);
  });

  it('for a round that was superseded, that expired, or whose code was used, gives none', async () => {
    const { ref } = await userWithCode();
    const next = await beginRound(LOG_IN);
    expect(await issueCode(ref)).toBeNull();
    const code = await issued(next);
    await takeCode(LOG_IN, code);
    expect(await issueCode(next)).toBeNull();
    const last = await beginRound(LOG_IN);
    await expireCodes();
    expect(await issueCode(last)).toBeNull();
    expect(await issueCode({ codeId: 'f'.repeat(24), round: 'e'.repeat(24) })).toBeNull();
  });

  it('for a target that is burnt, gives none', async () => {
    const { code, ref } = await userWithCode();
    for (let step = 1; step <= 5; step += 1) await takeCode(LOG_IN, anotherThan(code, step));
    expect(await issueCode(ref)).toBeNull();
  });

  it('takes its digits from nowhere that Math.random reaches, and keeps leading zeros', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const { ref } = await userWithCode();
    const codes = [];
    for (let n = 0; n < 300; n += 1) codes.push(await issued(ref));
    expect(codes.filter((code) => !/^\d{6}$/.test(code))).toEqual([]);
    expect(new Set(codes).size).toBeGreaterThan(290);
    // Each digit at each place turns up: 300 draws miss one of ten with a chance of 10^-12.
    for (let place = 0; place < 6; place += 1) expect(new Set(codes.map((code) => code[place])).size).toBe(10);
  });

  it('leaves only a mac in Redis', async () => {
    const { code } = await userWithCode();
    const dump = await redisDump();
    expect(dump).toContain(PHONE);
    expect(dump).not.toMatch(new RegExp(`(?<!\\d)${code}(?!\\d)`));
  });

  it('finds its account by an index', async () => {
    const ref = await beginRound(LOG_IN);
    const mailRef = await beginRound({ purpose: 'log-in', channel: 'email', target: 'asha@example.com' });
    for (const one of [ref, mailRef]) {
      const plans = await explainQueries(() => issueCode(one));
      expect(plans.map(({ command }) => command)).toEqual(['find users']);
      expect(JSON.stringify(plans)).not.toContain('COLLSCAN');
    }
  });
});

describe('verifyPhone', () => {
  it('writes account, record and notice in one transaction', async () => {
    const { userId, sessionId } = await logInAs();
    const actor: Actor = { userId, sessionId, roles: ['customer'] };
    await createUser({ phone: PHONE });
    await requestPhoneVerification({ phone: PHONE, password: PASSWORD }, actor);
    const { payload } = (await OutboxModel.findOne({ event: 'auth.code_requested' }).lean()) ?? { payload: {} };
    const code = await issued(payload as unknown as CodeRef);
    expect(await watchWrites(() => verifyPhone({ phone: PHONE, code }, actor))).toEqual({
      writes: [
        'findAndModify sessions',
        'findAndModify users',
        'findAndModify users',
        'findAndModify users',
        'insert audit_log',
        'insert outbox',
      ],
      transactions: 1,
    });
  });

  it('by two accounts at once for one number, gives it to one', async () => {
    const users = [await createUser(), await createUser(), await createUser({ phone: PHONE })];
    const [first, second] = users.map(({ _id }) => _id);
    const results = await Promise.allSettled(
      [first, second].map((userId) => withTransaction((tx) => takePhone(tx, userId ?? '', PHONE))),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = results.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'phone_taken' } });
    expect(await UserModel.find({ phone: PHONE }).lean()).toMatchObject([
      { phoneVerifiedAt: expect.any(Date) as unknown },
    ]);
  });

  it('finds claimer and account by an index', async () => {
    const { _id: userId } = await createUser();
    const plans = await explainQueries(() => withTransaction((tx) => takePhone(tx, userId, PHONE)));
    expect(plans.map(({ command }) => command)).toEqual(['findAndModify users', 'findAndModify users']);
    expect(JSON.stringify(plans)).not.toContain('COLLSCAN');
  });
});
