import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearOauthFaults, setOauthFaults, signInWith } from '../../scripts/local-cloud/control-client.ts';
import { startCloud, type RunningCloud } from './support.ts';

let running: RunningCloud;
beforeAll(async () => {
  running = await startCloud();
});
beforeEach(async () => {
  const person = { sub: '77', email: 'asha@example.com', emailVerified: false, name: 'Asha Rao' };
  for (const { url } of vendors()) await signInWith(url, person);
});
afterEach(async () => {
  for (const { url } of vendors()) await clearOauthFaults(url);
});
afterAll(() => running.stop());

interface Vendor {
  name: 'google' | 'github';
  url: string;
  authorize: string;
  token: string;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}

function vendors(): Vendor[] {
  return (['google', 'github'] as const).map(vendor);
}

function vendor(name: Vendor['name']): Vendor {
  const { cloud } = running;
  const url = name === 'google' ? cloud.googleUrl : cloud.githubUrl;
  return {
    name,
    url,
    authorize: name === 'google' ? '/authorize' : '/login/oauth/authorize',
    token: name === 'google' ? '/token' : '/login/oauth/access_token',
    clientId: running.secretOf(`${name.toUpperCase()}_CLIENT_ID`),
    clientSecret: running.secretOf(`${name.toUpperCase()}_CLIENT_SECRET`),
    redirectUri: `http://127.0.0.1:5000/api/v1/auth/oauth/${name}/callback`,
  };
}

const VERIFIER = randomBytes(32).toString('base64url');
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

function authorize(
  { name, url, authorize: path, clientId, redirectUri }: Vendor,
  changes: Record<string, string> = {},
) {
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: name === 'google' ? 'openid email profile' : 'read:user user:email',
    state: 'some-state',
    nonce: 'some-nonce',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  });
  return fetch(`${url}${path}?${query.toString()}`, { redirect: 'manual' });
}

async function codeOf(asked: Vendor, changes: Record<string, string> = {}): Promise<string> {
  const res = await authorize(asked, changes);
  return new URL(res.headers.get('location') ?? '').searchParams.get('code') ?? '';
}

async function redeem(asked: Vendor, code: string, changes: Record<string, string> = {}) {
  const res = await fetch(`${asked.url}${asked.token}`, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: asked.clientId,
      client_secret: asked.clientSecret,
      redirect_uri: asked.redirectUri,
      code_verifier: VERIFIER,
      ...changes,
    }),
  });
  return { status: res.status, body: (await res.json()) as Record<string, string> };
}

describe.each(['google', 'github'] as const)('the local %s', (name) => {
  /** What a refusal of the token endpoint looks like: GitHub's status is 200 all the same. */
  const refusal = (google: [number, string], github: string) =>
    name === 'google' ? { status: google[0], body: { error: google[1] } } : { status: 200, body: { error: github } };

  it('asked for consent with everything right, goes back with code, state and its own name', async () => {
    const asked = vendor(name);
    const res = await authorize(asked);
    expect(res.status).toBe(302);
    const target = new URL(res.headers.get('location') ?? '');
    expect(target.origin + target.pathname).toBe(asked.redirectUri);
    expect(Object.fromEntries(target.searchParams)).toEqual({
      code: expect.any(String) as string,
      state: 'some-state',
      iss: name === 'google' ? asked.url : `${asked.url}/login/oauth`,
    });
  });

  it.each([
    ['an unknown client', { client_id: 'another' }],
    ['another site', { redirect_uri: 'https://evil.example/api/v1/auth/oauth/google/callback' }],
    ['a longer host', { redirect_uri: `http://127.0.0.1:5000.evil.example/api/v1/auth/oauth/${name}/callback` }],
    ['a longer path', { redirect_uri: `http://127.0.0.1:5000/api/v1/auth/oauth/${name}/callback/x` }],
    ['the callback of the other provider', { redirect_uri: 'http://127.0.0.1:5000/api/v1/auth/oauth/other/callback' }],
  ])('asked for consent by %s, says so and goes nowhere', async (_, changes) => {
    const res = await authorize(vendor(name), changes);
    expect(res.status).toBe(400);
    expect(res.headers.get('location')).toBeNull();
  });

  it('where nobody is signed in, asks who it is, and takes no for an answer', async () => {
    const asked = vendor(name);
    await signInWith(asked.url, null);
    const page = await authorize(asked);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('asha@example.com');
    const decide = async (person: string) => {
      const res = await fetch(page.url, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ person }) });
      return new URL(res.headers.get('location') ?? '').searchParams;
    };
    expect((await decide('100000000000000000001')).has('code')).toBe(true);
    expect(Object.fromEntries(await decide(''))).toMatchObject({ error: 'access_denied', state: 'some-state' });
  });

  it('gives a token for a code, once', async () => {
    const asked = vendor(name);
    const code = await codeOf(asked);
    expect(await redeem(asked, code)).toMatchObject({
      status: 200,
      body: { access_token: expect.any(String) as string },
    });
    expect(await redeem(asked, code)).toMatchObject(refusal([400, 'invalid_grant'], 'bad_verification_code'));
  });

  it('refuses a wrong client, address or verifier, and the code is spent', async () => {
    const asked = vendor(name);
    const client = refusal([401, 'invalid_client'], 'incorrect_client_credentials');
    expect(await redeem(asked, await codeOf(asked), { client_secret: 'wrong' })).toMatchObject(client);
    const address = refusal([400, 'redirect_uri_mismatch'], 'redirect_uri_mismatch');
    const other = `http://localhost:5000/api/v1/auth/oauth/${name}/callback`;
    expect(await redeem(asked, await codeOf(asked), { redirect_uri: other })).toMatchObject(address);
    const code = await codeOf(asked);
    const pkce = refusal([400, 'invalid_grant'], 'bad_verification_code');
    expect(await redeem(asked, code, { code_verifier: 'x'.repeat(43) })).toMatchObject(pkce);
    expect(await redeem(asked, code)).toMatchObject(pkce);
    expect(await redeem(asked, await codeOf(asked), { code_verifier: '' })).toMatchObject(pkce);
  });

  it('told to have a bad day, has it so many times', async () => {
    const asked = vendor(name);
    await setOauthFaults(asked.url, { kind: 'expired_code' }, { kind: 'down', path: asked.token, times: 2 });
    expect([(await redeem(asked, 'x')).status, (await redeem(asked, 'x')).status]).toEqual([503, 503]);
    const expired = refusal([400, 'invalid_grant'], 'bad_verification_code');
    expect(await redeem(asked, await codeOf(asked))).toMatchObject(expired);
    expect((await redeem(asked, await codeOf(asked))).body['access_token']).toBeDefined();
  });

  it('takes control calls as JSON alone', async () => {
    const { url } = vendor(name);
    const form = await fetch(`${url}/_control/sign-in`, { method: 'POST', body: '{"person":null}' });
    expect(form.status).toBe(400);
    expect((await fetch(`${url}/_control/nothing`)).status).toBe(404);
  });
});

describe('the local Google', () => {
  it('signs an ID token with the keys it shows, for this client, nonce and person', async () => {
    const asked = vendor('google');
    const { body } = await redeem(asked, await codeOf(asked));
    const claims = JSON.parse(Buffer.from(body['id_token']?.split('.')[1] ?? '', 'base64url').toString()) as object;
    expect(claims).toMatchObject({
      iss: asked.url,
      aud: asked.clientId,
      sub: '77',
      nonce: 'some-nonce',
      email: 'asha@example.com',
      email_verified: false,
      name: 'Asha Rao',
    });
    const jwks = (await (await fetch(`${asked.url}/jwks`)).json()) as { keys: Record<string, unknown>[] };
    expect(jwks.keys).toEqual([expect.objectContaining({ kty: 'RSA', alg: 'RS256' })]);
    expect(jwks.keys[0]).not.toHaveProperty('d');
    const userinfo = (token: string) =>
      fetch(`${asked.url}/userinfo`, { headers: { Authorization: `Bearer ${token}` } });
    expect(await (await userinfo(body['access_token'] ?? '')).json()).toMatchObject({ sub: '77' });
    expect((await userinfo('another')).status).toBe(401);
  });

  it('started again on its folder, has the same client and key', async () => {
    const shown = async () => (await fetch(`${vendor('google').url}/jwks`)).text();
    const before = [await shown(), vendor('google').clientId, vendor('github').clientSecret];
    await running.restart();
    expect([await shown(), vendor('google').clientId, vendor('github').clientSecret]).toEqual(before);
  });
});

describe('the local GitHub', () => {
  async function askApi(path: string, token: string): Promise<{ status: number; body: unknown }> {
    const { url } = vendor('github');
    const res = await fetch(`${url}/api/v3${path}`, { headers: { Authorization: `Bearer ${token}` } });
    return { status: res.status, body: await res.json() };
  }

  it('shows the profile without an e-mail, and the e-mails to whoever has the scope', async () => {
    const asked = vendor('github');
    const token = (await redeem(asked, await codeOf(asked))).body['access_token'] ?? '';
    expect(await askApi('/user', token)).toMatchObject({
      status: 200,
      body: { id: 77, name: 'Asha Rao', email: null },
    });
    expect((await askApi('/user/emails', token)).body).toContainEqual(
      expect.objectContaining({ email: 'asha@example.com', primary: true, verified: false }),
    );
    const narrow = (await redeem(asked, await codeOf(asked, { scope: 'read:user' }))).body['access_token'] ?? '';
    expect((await askApi('/user/emails', narrow)).status).toBe(404);
    expect(await askApi('/user', 'another')).toMatchObject({ status: 401, body: { message: 'Bad credentials' } });
  });

  it('answers as a form where nobody asks for JSON', async () => {
    const asked = vendor('github');
    const res = await fetch(`${asked.url}${asked.token}`, { method: 'POST', body: new URLSearchParams({ code: 'x' }) });
    expect(new URLSearchParams(await res.text()).get('error')).toBe('incorrect_client_credentials');
  });
});
