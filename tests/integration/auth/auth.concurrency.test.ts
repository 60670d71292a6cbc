import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { isAppError } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { logIn, refresh } from '../../../src/modules/auth/auth.service.ts';
import { RefreshTokenModel } from '../../../src/modules/auth/sessions/refresh-token.model.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { logInAs } from '../../support/log-in.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

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
