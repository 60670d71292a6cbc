import { dictionary } from '@zxcvbn-ts/language-common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAppError } from '../../src/errors/index.ts';
import { hashNewPassword } from '../../src/modules/auth/passwords/good-password.service.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { createUser, PASSWORD } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { mailResetLink } from '../support/links.ts';
import { openLogin } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

const ASHA = { email: 'asha@example.com', name: 'Asha Rao' };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function signUp(password: string) {
  return app.request.post('/api/v1/auth/signup').send({ ...ASHA, password });
}

function logIn(password: string) {
  return app.request.post('/api/v1/auth/login').send({ email: ASHA.email, password });
}

async function reset(password: string) {
  const { token } = await mailResetLink(await createUser(ASHA));
  return app.request.post('/api/v1/auth/password/reset').send({ token, password });
}

async function change(newPassword: string) {
  const { headers } = await openLogin(await createUser(ASHA));
  return app.request.post('/api/v1/auth/password/change').set(headers).send({ currentPassword: PASSWORD, newPassword });
}

const ROUTES = { signUp, reset, change };

describe.each(Object.entries(ROUTES))('case 11: a new password at %s', (_route, set) => {
  it.each([
    ['of 7 characters', 'k7#Qp2x'],
    ['of 7 characters and many bytes', '🍛🍛🍛'],
    ['of 73 bytes', 'z'.repeat(73)],
    ['of 65 characters and 130 bytes', 'é'.repeat(65)],
  ])('%s is 400', async (_what, password) => {
    expect(await set(password)).toMatchObject({ status: 400, body: { error: { code: 'validation_failed' } } });
  });

  it.each(['password', 'Password1', '12345678', 'iloveyou', 'qwertyuiop', 'QUICKBITE', 'quickbite99', 'asha-rao-1'])(
    '%s is 422: too easy to guess',
    async (password) => {
      expect(await set(password)).toMatchObject({ status: 422, body: { error: { code: 'password_too_common' } } });
    },
  );

  it.each([
    ['of 64 characters', 'long and calm '.repeat(5).slice(0, 64)],
    ['of 72 bytes', 'z'.repeat(72)],
    ['of small letters alone', 'lazyherons'],
    ['of digits alone', '8203441957'],
    ['of blanks and signs', '   ~ ~   '],
    ['of eight characters of another script', 'секретик'],
  ])('%s is accepted and opens the account', async (_what, password) => {
    expect((await set(password)).status).toBeLessThan(300);
    expect((await logIn(password)).status).toBe(200);
  });
});

describe('case 11: a password', () => {
  it('of the 3000 that people choose most and that are long enough is refused, in any case', async () => {
    const most = dictionary['passwords-common'].filter((word) => word.length >= 8).slice(0, 3000);
    expect(most).toHaveLength(3000);
    const codes = await Promise.all(
      most.map((word, n) =>
        hashNewPassword(n % 2 === 0 ? word : word.toUpperCase(), ASHA).catch((error: unknown) =>
          isAppError(error) ? error.code : String(error),
        ),
      ),
    );
    expect(new Set(codes)).toEqual(new Set(['password_too_common']));
  });

  it('that equals the right one in its first 72 bytes opens nothing', async () => {
    const right = 'z'.repeat(72);
    await signUp(right);
    expect((await logIn(right)).status).toBe(200);
    for (const longer of [`${right}z`, `${right}${right}`, `${right}\0`])
      expect((await logIn(longer)).status).toBe(401);
  });

  it('with a NUL inside is told from another behind it', async () => {
    await signUp('abcdefgh\0one');
    expect((await logIn('abcdefgh\0one')).status).toBe(200);
    for (const other of ['abcdefgh\0two', 'abcdefgh', 'abcdefgh\0']) expect((await logIn(other)).status).toBe(401);
  });

  it('is taken as sent: neither trimmed nor normalised', async () => {
    await signUp('  e\u0301clair de lune ');
    for (const other of ['e\u0301clair de lune', '  \u00e9clair de lune '])
      expect((await logIn(other)).status).toBe(401);
    expect((await logIn('  e\u0301clair de lune ')).status).toBe(200);
  });

  it('is stored by its hash alone', async () => {
    await signUp('seven lazy herons');
    expect(JSON.stringify(await UserModel.find().lean())).not.toContain('seven lazy herons');
  });
});
