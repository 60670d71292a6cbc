import '../../setup/with-raised-cost.ts';
import { getRounds } from 'bcryptjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drainDetached } from '../../../src/infra/lifecycle/detached.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { raisePasswordCost } from '../../../src/modules/auth/passwords/good-password.service.ts';
import { findUserByEmail } from '../../../src/modules/users/index.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { openLogin } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

async function logIn(email: string, password = PASSWORD): Promise<number> {
  const { status } = await app.request.post('/api/v1/auth/login').send({ email, password });
  await drainDetached();
  return status;
}

async function hashOf(userId: string): Promise<string> {
  const row = await UserModel.findById(userId).lean();
  return row?.passwordHash ?? '';
}

describe('a log-in with a hash of a lower cost than today', () => {
  it('makes it anew, and the same password opens the account', async () => {
    const { _id, email, passwordHash } = await createUser();
    expect(getRounds(passwordHash ?? '')).toBe(4);
    expect(await logIn(email)).toBe(200);
    expect(getRounds(await hashOf(_id))).toBe(5);
    expect(await logIn(email)).toBe(200);
    expect(await logIn(email, 'wrong horse')).toBe(401);
  });

  it('ends no session and counts as no change of the password', async () => {
    const user = await createUser();
    const login = await openLogin(user);
    await logIn(user.email);
    const { sessionVersion, passwordChangedAt, updatedAt } = user;
    expect(await UserModel.findById(user._id).lean()).toMatchObject({ sessionVersion, passwordChangedAt, updatedAt });
    expect((await app.request.get('/api/v1/me').set(login.headers)).status).toBe(200);
    expect(await OutboxModel.countDocuments({ event: 'auth.account_changed' })).toBe(0);
  });

  it('with a wrong password leaves it as it is', async () => {
    const { _id, email, passwordHash } = await createUser();
    expect(await logIn(email, 'wrong horse')).toBe(401);
    expect(await hashOf(_id)).toBe(passwordHash);
  });

  it('leaves a password alone that was changed meanwhile', async () => {
    const { _id, email } = await createUser();
    const before = await findUserByEmail(email);
    if (before === null) throw new Error('no such user');
    await UserModel.updateOne({ _id }, { $set: { passwordHash: 'the newer hash' } });
    raisePasswordCost(before, PASSWORD);
    await drainDetached();
    expect(await hashOf(_id)).toBe('the newer hash');
  });

  it('of today is not made anew', async () => {
    const { _id, email } = await createUser();
    await logIn(email);
    const raised = await hashOf(_id);
    await logIn(email);
    expect(await hashOf(_id)).toBe(raised);
  });
});
