import { createHash, randomBytes } from 'node:crypto';
import type { ProviderName } from '../../src/modules/auth/social/provider-names.ts';
import type { TestApp } from './app.ts';

export const RETURN_TO = 'http://localhost:5173/auth/callback';

/** The page of the front end that begins a log-in: it keeps the verifier. */
export interface Page {
  codeVerifier: string;
  codeChallenge: string;
}

export function openPage(): Page {
  const codeVerifier = randomBytes(32).toString('base64url');
  return { codeVerifier, codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url') };
}

/** The browser leaves for the provider: the address it is sent to. */
export async function leaveFor(app: TestApp, provider: ProviderName, page: Page): Promise<URL> {
  const { codeChallenge } = page;
  const res = await app.request.get(`/api/v1/auth/oauth/${provider}`).query({ returnTo: RETURN_TO, codeChallenge });
  if (res.status !== 302) throw new Error(`${res.status} ${res.text}`);
  return new URL(res.headers['location'] ?? '');
}

/** The provider lets the person in: the address it sends the browser back to. */
export async function signInAt(authorization: URL | string): Promise<URL> {
  const res = await fetch(authorization, { redirect: 'manual' });
  if (res.status !== 302) throw new Error(`the provider answered ${res.status}: ${await res.text()}`);
  return new URL(res.headers.get('location') ?? '');
}

/** The browser comes back: the address of the page, with a code or an error. */
export async function comeBack(app: TestApp, callback: URL): Promise<URL> {
  const res = await app.request.get(callback.pathname + callback.search);
  if (res.status !== 302) throw new Error(`${res.status} ${res.text}`);
  return new URL(res.headers['location'] ?? '');
}

/** All the way to the one-time code. */
export async function fetchCode(app: TestApp, provider: ProviderName, page: Page): Promise<string> {
  const returned = await comeBack(app, await signInAt(await leaveFor(app, provider, page)));
  const code = returned.searchParams.get('code');
  if (code === null) throw new Error(`the log-in failed: ${returned.href}`);
  return code;
}

export function exchange(app: TestApp, code: string, { codeVerifier }: Page) {
  return app.request.post('/api/v1/auth/oauth/exchange').send({ code, codeVerifier });
}

/** All the way into the account. */
export async function logInWith(app: TestApp, provider: ProviderName) {
  const page = openPage();
  return exchange(app, await fetchCode(app, provider, page), page);
}
