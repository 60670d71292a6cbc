import { localCloud } from '../setup/with-local-cloud.ts';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxiosInstance } from 'axios';
import { signInWith } from '../../scripts/local-cloud/control-client.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RefreshTokenModel } from '../../src/modules/auth/sessions/refresh-token.model.ts';
import { beginRound } from '../../src/modules/auth/codes/code-state.ts';
import { issueCode } from '../../src/modules/auth/codes/codes.service.ts';
import { setClock } from '../../src/shared/clock.ts';
import { createUser, PASSWORD } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { codeOf, createGuardedUser } from '../support/second-factor.ts';
import { fetchCode, openPage } from '../support/social.ts';

interface Api extends AxiosInstance {
  signUp(person: object): Promise<{ id: string }>;
  logIn(credentials: object): Promise<{ id: string }>;
  logInWithCode(target: object): Promise<{ id: string }>;
  exchange(answer: object): Promise<{ id: string }>;
  verifySecondFactor(challenge: string, proof: object): Promise<{ id: string }>;
  enter(path: string, body: object): Promise<{ id: string }>;
  logOut(): Promise<void>;
}
type CreateApi = (options: { baseURL: string; store: object; onSignedOut: () => void }) => Api;

const ROOT = join(import.meta.dirname, '../..');
const ASHA = { email: 'asha@example.com', password: 'correct horse battery' };
const IN_SIXTEEN_MINUTES = { offsetMs: 16 * 60_000 };
const IN_EIGHT_DAYS = { offsetMs: 8 * 24 * 3600_000 };

let app: TestApp;
let createApi: CreateApi;
beforeAll(async () => {
  app = await startTestApp();
  createApi = await loadFromReadme();
});
beforeEach(resetRateLimits);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

/** The code as a reader would copy it, below the project so that it finds axios. */
async function loadFromReadme(): Promise<CreateApi> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const code = /```js\n(\/\/ api\.js\n.*?)```/s.exec(readme)?.[1] ?? '';
  const folder = join(ROOT, '.cache/readme');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `api-${process.pid}.mjs`);
  await writeFile(file, code);
  return ((await import(pathToFileURL(file).href)) as { createApi: CreateApi }).createApi;
}

function openBrowser() {
  let kept: Record<string, string> = {};
  const store = { read: () => kept, write: (value: Record<string, string>) => (kept = value) };
  const onSignedOut = vi.fn();
  const api = createApi({ baseURL: `${app.url}/api/v1`, store, onSignedOut });
  return { api, store, onSignedOut };
}

async function signedUp() {
  const browser = openBrowser();
  await browser.api.signUp({ ...ASHA, name: 'Asha Rao' });
  return browser;
}

describe('the Axios client of the README', () => {
  it('with ten requests that meet an expired token refreshes once, and all are answered', async () => {
    const { api, onSignedOut } = await signedUp();
    setClock(IN_SIXTEEN_MINUTES);
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.get('/me')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await RefreshTokenModel.countDocuments()).toBe(2);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it('over a refreshing that takes its time sends what came meanwhile with the new token', async () => {
    const { api, store } = await signedUp();
    const old = store.read()['accessToken'];
    setClock(IN_SIXTEEN_MINUTES);
    await Promise.all([api.get('/me'), api.get('/auth/sessions')]);
    expect(store.read()['accessToken']).not.toBe(old);
    expect((await api.get('/me')).status).toBe(200);
  });

  it('after a log-out elsewhere signs out, once, and keeps the device', async () => {
    const { api, store, onSignedOut } = await signedUp();
    const { deviceToken } = store.read();
    const other = openBrowser();
    await other.api.logIn(ASHA);
    await other.api.post('/auth/logout-all');
    const results = await Promise.allSettled([api.get('/me'), api.get('/me')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(onSignedOut).toHaveBeenCalledTimes(1);
    expect(store.read()).toEqual({ deviceToken });
  });

  it('after seven days signs out', async () => {
    const { api, onSignedOut } = await signedUp();
    setClock(IN_EIGHT_DAYS);
    await expect(api.get('/me')).rejects.toThrow();
    expect(onSignedOut).toHaveBeenCalledTimes(1);
  });

  it('without a network stays logged in', async () => {
    const { store, onSignedOut } = await signedUp();
    const offline = createApi({ baseURL: 'http://127.0.0.1:9/api/v1', store, onSignedOut });
    await expect(offline.get('/me')).rejects.toThrow();
    expect(onSignedOut).not.toHaveBeenCalled();
    expect(store.read()['refreshToken']).toBeDefined();
  });

  it('logs in with a code', async () => {
    const { email, _id } = await createUser();
    const target = { channel: 'email', email } as const;
    const code = (await issueCode(await beginRound({ purpose: 'log-in', channel: 'email', target: email })))?.code;
    const { api } = openBrowser();
    expect((await api.logInWithCode({ ...target, code })).id).toBe(_id);
    expect((await api.get('/me')).status).toBe(200);
  });

  it('logs in with a provider', async () => {
    await signInWith(localCloud.googleUrl, { sub: '77', email: 'p@example.net', emailVerified: true, name: 'A' });
    const page = openPage();
    const { codeVerifier } = page;
    const { api } = openBrowser();
    await api.exchange({ code: await fetchCode(app, 'google', page), codeVerifier });
    expect((await api.get<{ email: string }>('/me')).data.email).toBe('p@example.net');
  });

  it('goes on with the second factor, by the app or a recovery code', async () => {
    const { user, secret, recoveryCodes } = await createGuardedUser();
    for (const proof of [{ code: codeOf(secret) }, { recoveryCode: recoveryCodes[0] }]) {
      const { api } = openBrowser();
      const refusal = await api.logIn({ email: user.email, password: PASSWORD }).catch((error: unknown) => error);
      const { data } = (refusal as { response: { data: { error: { details: { challenge: string } } } } }).response;
      expect((await api.verifySecondFactor(data.error.details.challenge, proof)).id).toBe(user._id);
      expect((await api.get('/me')).status).toBe(200);
    }
  });

  it('stays logged in over a new password, also when the token has expired', async () => {
    const { api, onSignedOut } = await signedUp();
    setClock(IN_SIXTEEN_MINUTES);
    await api.enter('/auth/password/change', { currentPassword: ASHA.password, newPassword: 'seven lazy herons' });
    expect((await api.get('/me')).status).toBe(200);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it('logs out: the token is dead', async () => {
    const { api, store, onSignedOut } = await signedUp();
    const { accessToken } = store.read();
    await api.logOut();
    expect(onSignedOut).toHaveBeenCalledTimes(1);
    const res = await app.request.get('/api/v1/me').set('Authorization', `Bearer ${accessToken ?? ''}`);
    expect(res.status).toBe(401);
  });
});
