import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startFactor } from '../../../src/modules/auth/second-factor/factors.service.ts';
import { SecondFactorModel } from '../../../src/modules/auth/second-factor/second-factor.model.ts';
import type { UserRow } from '../../../src/modules/users/user.model.ts';
import { PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { mailResetLink } from '../../support/links.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { codeOf, createGuardedUser } from '../../support/second-factor.ts';

const ROUNDS = 20;
const NEW_PASSWORD = 'seven lazy herons';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function post(route: string, body: object, headers: object = {}) {
  return app.request
    .post(`/api/v1/auth/${route}`)
    .set({ ...headers })
    .send(body);
}

/** Up to so long, evenly over the rounds: somewhere in there the one commits between the other's check and its write. */
const SPREAD_MS = 24;

/** The owner resets the password while somebody with a stolen session does something that hands out a new one. */
async function race(round: number, user: UserRow, steal: () => ReturnType<typeof post>) {
  const { token } = await mailResetLink(user);
  const stealLater = async () => {
    await new Promise((resolve) => setTimeout(resolve, (round * SPREAD_MS) / ROUNDS));
    return steal();
  };
  return Promise.all([post('password/reset', { token, password: NEW_PASSWORD }), stealLater()]);
}

async function expectDead(res: Awaited<ReturnType<typeof post>>, stolen: Login): Promise<void> {
  const { accessToken = '', refreshToken = 'none' } = res.body as { accessToken?: string; refreshToken?: string };
  for (const token of [accessToken, stolen.accessToken].filter(Boolean)) {
    const me = await app.request.get('/api/v1/me').set('Authorization', `Bearer ${token}`);
    expect(me.status).toBe(401);
  }
  expect((await post('refresh', { refreshToken })).status).toBe(401);
}

describe('a stolen session, once the owner has reset the password', () => {
  it('is not brought back by the confirmation of a second factor that races with the reset', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await resetRateLimits();
      const stolen = await logInAs();
      const code = codeOf(await startFactor(stolen.userId));
      const [reset, confirmed] = await race(round, stolen.user, () => post('mfa/confirm', { code }, stolen.headers));
      expect(reset.status).toBe(204);
      await expectDead(confirmed, stolen);
    }
  });

  it('is not brought back by switching the second factor off', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await resetRateLimits();
      const { user, secret } = await createGuardedUser();
      const stolen = await openLogin(user);
      const body = { code: codeOf(secret), password: PASSWORD };
      const [reset, disabled] = await race(round, user, () => post('mfa/disable', body, stolen.headers));
      expect(reset.status).toBe(204);
      await expectDead(disabled, stolen);
    }
  });
});

describe('setting up a second factor', () => {
  it('with an e-mail that was never proven is 422, and nothing begins', async () => {
    const { headers } = await logInAs({ emailVerifiedAt: null });
    const res = await post('mfa/setup', { password: PASSWORD }, headers);
    expect(errorOf(res)).toMatchObject({ status: 422, code: 'email_not_verified' });
    expect(await SecondFactorModel.countDocuments()).toBe(0);
  });
});
