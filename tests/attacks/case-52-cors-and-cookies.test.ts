import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Response } from 'supertest';
import { config } from '../../src/config/index.ts';
import { AuditModel } from '../../src/infra/audit/audit.model.ts';
import { RefreshTokenModel } from '../../src/modules/auth/sessions/refresh-token.model.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

const OURS = config.http.corsOrigins[0] ?? '';
const ALLOWED = { Origin: OURS, 'X-CSRF': '1' };

/** As hostile as an origin gets: none of them is one of ours. */
const FOREIGN = [
  'https://evil.example',
  'null',
  `${OURS}.evil.example`,
  OURS.replace('//', '//evil-'),
  OURS.replace('//', '//evil.example@'),
  `${OURS}0`,
  `${OURS}/`,
  `${OURS} `.trimEnd().toUpperCase(),
  OURS.replace('http:', 'https:'),
  `${OURS}, https://evil.example`,
];

function allowances({ headers }: Response): string[] {
  return Object.keys(headers).filter((name) => /^access-control-allow-(origin|credentials)$/.test(name));
}

describe('case 52: CORS', () => {
  it.each(FOREIGN)(
    'tells %j nothing on preflight, answer, refusal and log-in, and always varies by origin',
    async (origin) => {
      const preflight = app.request
        .options('/api/v1/auth/refresh')
        .set({ Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-csrf' });
      const answers = [
        await preflight,
        await app.request.get('/api/v1/restaurants').set('Origin', origin),
        await app.request.get('/api/v1/me').set('Origin', origin),
        await app.request.post('/api/v1/auth/login').set('Origin', origin).send({}),
        await app.request.get('/nowhere').set('Origin', origin),
      ];
      for (const res of answers) {
        expect(allowances(res)).toEqual([]);
        expect(res.headers['vary']).toMatch(/\bOrigin\b/);
      }
    },
  );

  it('lets our own pages send cookies and the header against forgery, and never says `*`', async () => {
    const preflight = await app.request
      .options('/api/v1/auth/refresh')
      .set({ Origin: OURS, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-csrf' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': OURS,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'x-csrf',
    });
    expect(preflight.headers['vary']).toMatch(/\bOrigin\b/);
    const res = await app.request.get('/api/v1/restaurants').set('Origin', OURS);
    expect(res.headers['access-control-allow-origin']).toBe(OURS);
    expect(res.headers['access-control-expose-headers']).toContain('X-Device-Token');
  });

  it('without an origin varies by it too', async () => {
    const res = await app.request.get('/api/v1/restaurants');
    expect(allowances(res)).toEqual([]);
    expect(res.headers['vary']).toMatch(/\bOrigin\b/);
  });
});

const ASHA = { email: 'asha@example.com', password: 'correct horse battery', name: 'Asha Rao' };

function cookiesOf({ headers }: Response): string[] {
  return (headers as unknown as { 'set-cookie'?: string[] })['set-cookie'] ?? [];
}

function refreshCookieOf(res: Response): string {
  return cookiesOf(res).find((cookie) => cookie.startsWith('__Host-quickbite-refresh=')) ?? '';
}

const valueOf = (cookie: string) => /=([^;]*)/.exec(cookie)?.[1] ?? '';

async function signedUp(): Promise<{ cookie: string; accessToken: string }> {
  const res = await app.request.post('/api/v1/auth/signup').send({ ...ASHA, refreshTokenIn: 'cookie' });
  expect(res.status).toBe(201);
  const { accessToken } = res.body as { accessToken: string };
  return { cookie: `__Host-quickbite-refresh=${valueOf(refreshCookieOf(res))}`, accessToken };
}

/** What the browser would send. */
function post(route: 'refresh' | 'logout', headers: Record<string, string>) {
  return app.request.post(`/api/v1/auth/${route}`).set(headers);
}

const statusOfMe = async (accessToken: string) =>
  (await app.request.get('/api/v1/me').set('Authorization', `Bearer ${accessToken}`)).status;

describe('case 52: the refresh cookie', () => {
  it.each(['signup', 'login'])('of %s has every attribute, and the body has no refresh token', async (route) => {
    if (route === 'login') await signedUp();
    const { name: _name, ...credentials } = ASHA;
    const body = route === 'login' ? credentials : ASHA;
    const res = await app.request.post(`/api/v1/auth/${route}`).send({ ...body, refreshTokenIn: 'cookie' });
    expect(res.body).not.toHaveProperty('refreshToken');
    expect(cookiesOf(res)).toHaveLength(2);
    for (const cookie of cookiesOf(res)) {
      expect(cookie).toMatch(/^__Host-quickbite-(refresh|device)=[^;]+; /);
      const attributes = cookie.split('; ').slice(1);
      expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict']));
      expect(cookie).not.toMatch(/domain/i);
    }
    expect(refreshCookieOf(res)).toContain('Max-Age=604800');
  });

  it('is not set where nobody asked for it', async () => {
    const res = await app.request.post('/api/v1/auth/signup').send(ASHA);
    expect(cookiesOf(res)).toEqual([]);
    expect(res.body).toHaveProperty('refreshToken');
  });

  it('from one of our pages brings a new one, and no refresh token in the body', async () => {
    const { cookie } = await signedUp();
    const res = await post('refresh', { ...ALLOWED, Cookie: cookie });
    expect({ status: res.status, fields: Object.keys(res.body as object) }).toEqual({
      status: 200,
      fields: ['accessToken'],
    });
    const next = refreshCookieOf(res);
    expect(valueOf(next)).toMatch(/^[\w-]{43}$/);
    expect(`__Host-quickbite-refresh=${valueOf(next)}`).not.toBe(cookie);
    expect(next).toMatch(/HttpOnly; Secure; SameSite=Strict/);
    const again = await post('refresh', { ...ALLOWED, Cookie: next.split(';')[0] ?? '' });
    expect(again.status).toBe(200);
  });

  it('is cleared by the log-out, which ends the session', async () => {
    const { cookie, accessToken } = await signedUp();
    const res = await post('logout', { ...ALLOWED, Cookie: cookie });
    expect(res.status).toBe(204);
    expect(refreshCookieOf(res)).toMatch(/^__Host-quickbite-refresh=; Path=\/; Expires=Thu, 01 Jan 1970/);
    expect(await statusOfMe(accessToken)).toBe(401);
  });

  it('is passed over where the body has a token, and then nothing is set', async () => {
    const { cookie, accessToken } = await signedUp();
    const other = await logInAs();
    const refreshToken = other.refreshToken;
    const res = await app.request.post('/api/v1/auth/refresh').set('Cookie', cookie).send({ refreshToken });
    expect({ status: res.status, cookies: cookiesOf(res) }).toEqual({ status: 200, cookies: [] });
    expect(res.body).toHaveProperty('refreshToken');
    await app.request
      .post('/api/v1/auth/logout')
      .set('Cookie', cookie)
      .send(res.body as object);
    expect(await statusOfMe(accessToken)).toBe(200);
  });

  it.each([
    ['an object', `__Host-quickbite-refresh=${encodeURIComponent('j:{"$ne":null}')}`, 400],
    ['empty', '__Host-quickbite-refresh=', 400],
    ['far too long', `__Host-quickbite-refresh=${'x'.repeat(300)}`, 400],
    ['under another name', 'quickbite-refresh=abc', 400],
    ['unknown', '__Host-quickbite-refresh=abc', 401],
  ])('that is %s refreshes nothing', async (_what, cookie, status) => {
    expect((await post('refresh', { ...ALLOWED, Cookie: cookie })).status).toBe(status);
  });
});

describe('case 52: a request of another site with the cookie', () => {
  const FORGED: [string, Record<string, string>][] = [
    ['no origin and no header', {}],
    ['the header alone', { 'X-CSRF': '1' }],
    ['our origin alone', { Origin: OURS }],
    ['our origin and another value', { Origin: OURS, 'X-CSRF': 'true' }],
    [
      'a foreign origin with the header and our referer',
      { Origin: 'https://evil.example', 'X-CSRF': '1', Referer: OURS },
    ],
    ...FOREIGN.map((origin): [string, Record<string, string>] => [
      `origin ${origin}`,
      { Origin: origin, 'X-CSRF': '1' },
    ]),
  ];

  it.each(FORGED)('with %s is 403, spends nothing, ends nothing, sets nothing', async (_what, headers) => {
    const { cookie, accessToken } = await signedUp();
    for (const route of ['refresh', 'logout'] as const) {
      const res = await post(route, { ...headers, Cookie: cookie });
      expect({ status: res.status, code: errorOf(res).code }).toEqual({ status: 403, code: 'csrf_refused' });
      expect(cookiesOf(res)).toEqual([]);
    }
    expect(await statusOfMe(accessToken)).toBe(200);
    expect(await RefreshTokenModel.countDocuments({ spentAt: null })).toBe(1);
    expect((await post('refresh', { ...ALLOWED, Cookie: cookie })).status).toBe(200);
  });

  it('is noted in the audit', async () => {
    const { cookie } = await signedUp();
    const headers = { Cookie: cookie, Origin: 'https://evil.example', 'User-Agent': 'forger' };
    await post('refresh', headers);
    await eventually(async () => {
      const reason = 'POST /api/v1/auth/refresh: csrf_refused';
      const [note] = await AuditModel.find({ event: 'access.csrf_refused', reason }).lean();
      expect(note?.address).toContain('127.0.0.1');
    });
  });

  it.each([
    { what: 'text', type: 'text/plain', body: '{}', status: 415 },
    { what: 'text that is JSON', type: 'text/plain;charset=UTF-8', body: '{"refreshToken":"x"}', status: 415 },
    { what: 'a form', type: 'application/x-www-form-urlencoded', body: 'a=1', status: 415 },
    { what: 'a form with a file', type: 'multipart/form-data; boundary=x', body: '--x--', status: 415 },
    { what: 'JSON under two types', type: 'text/plain; application/json', body: '{}', status: 415 },
    { what: 'an empty form', type: 'application/x-www-form-urlencoded', body: '', status: 403 },
    { what: 'a JSON body without the rest', type: 'application/json', body: '{}', status: 403 },
  ])('as $what is $status', async ({ type, body, status }) => {
    const { cookie, accessToken } = await signedUp();
    for (const route of ['refresh', 'logout'] as const) {
      const request = post(route, { Origin: 'https://evil.example', Cookie: cookie, 'Content-Type': type });
      expect((await request.send(body)).status).toBe(status);
    }
    expect(await statusOfMe(accessToken)).toBe(200);
    expect(await RefreshTokenModel.countDocuments({ spentAt: null })).toBe(1);
  });

  it('opens nothing else: no other route takes a cookie for who somebody is', async () => {
    const { cookie, accessToken } = await signedUp();
    for (const path of ['/api/v1/auth/logout-all', '/api/v1/auth/password/change']) {
      const res = await app.request
        .post(path)
        .set({ ...ALLOWED, Cookie: `${cookie}; accessToken=${accessToken}` })
        .send({});
      expect(res.status).toBe(401);
    }
    expect((await app.request.get('/api/v1/me').set({ ...ALLOWED, Cookie: cookie })).status).toBe(401);
  });
});
