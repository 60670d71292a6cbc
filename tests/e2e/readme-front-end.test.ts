import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxiosInstance } from 'axios';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RefreshTokenModel } from '../../src/modules/auth/sessions/refresh-token.model.ts';
import { setClock } from '../../src/shared/clock.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

interface Api extends AxiosInstance {
  signUp(person: object): Promise<{ id: string }>;
  logIn(credentials: object): Promise<{ id: string }>;
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

  it('logs out: the token is dead', async () => {
    const { api, store, onSignedOut } = await signedUp();
    const { accessToken } = store.read();
    await api.logOut();
    expect(onSignedOut).toHaveBeenCalledTimes(1);
    const res = await app.request.get('/api/v1/me').set('Authorization', `Bearer ${accessToken ?? ''}`);
    expect(res.status).toBe(401);
  });
});
