import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { isAppError } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { logIn, refresh, signUp } from '../../../src/modules/auth/auth.service.ts';
import { RefreshTokenModel } from '../../../src/modules/auth/sessions/refresh-token.model.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { logInAs } from '../../support/log-in.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const ASHA = { email: 'asha@example.com', password: PASSWORD, name: 'Asha Rao' };

function twenty<T>(start: (n: number) => Promise<T>): Promise<PromiseSettledResult<T>[]> {
  return Promise.allSettled(Array.from({ length: 20 }, (_, n) => start(n)));
}

function codesOf(results: PromiseSettledResult<unknown>[]): (string | null)[] {
  return results.map((result) => {
    if (result.status === 'fulfilled') return null;
    return isAppError(result.reason) ? result.reason.code : String(result.reason);
  });
}

const HERE = { address: '127.0.0.1', userAgent: 'test', deviceToken: null };

function count<T>(values: T[], wanted: T): number {
  return values.filter((value) => value === wanted).length;
}

describe('twenty sign-ups with one e-mail at once', () => {
  it('make one user, one session and one promise of a welcome', async () => {
    const codes = codesOf(await twenty((n) => signUp({ ...ASHA, name: `Asha ${n}` }, HERE)));
    expect({ won: count(codes, null), taken: count(codes, 'email_taken') }).toEqual({ won: 1, taken: 19 });
    expect(await UserModel.countDocuments()).toBe(1);
    expect(await SessionModel.countDocuments()).toBe(1);
    expect(await RefreshTokenModel.countDocuments()).toBe(1);
    expect(await OutboxModel.countDocuments({ event: 'user.signed_up' })).toBe(1);
  });
});

describe('two refreshes with one token at once', () => {
  it('spend it once, in each of ten families', async () => {
    const logins = await Promise.all(Array.from({ length: 10 }, () => logInAs()));
    await Promise.all(logins.flatMap(({ refreshToken }) => [refresh(refreshToken, HERE), refresh(refreshToken, HERE)]));
    for (const { sessionId } of logins) {
      const tokens = await RefreshTokenModel.find({ sessionId }).lean();
      expect(tokens.filter(({ spentAt }) => spentAt !== null)).toHaveLength(1);
      expect(tokens).toHaveLength(2);
    }
  });
});

describe('twenty log-ins of one person at once', () => {
  it('open twenty sessions that know nothing of each other', async () => {
    const user = await createUser();
    const results = await twenty(() => logIn({ email: user.email, password: PASSWORD }, HERE));
    expect(count(codesOf(results), null)).toBe(20);
    expect(await SessionModel.countDocuments({ userId: user._id, revokedAt: null })).toBe(20);
  });
});
