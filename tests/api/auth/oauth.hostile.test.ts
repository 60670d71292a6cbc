import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  clearOauthFaults,
  setOauthFaults,
  signInWith,
  type OauthFaultsInput,
} from '../../../scripts/local-cloud/control-client.ts';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { redisClients, redisKey } from '../../../src/infra/redis/index.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { atOnce } from '../../support/at-once.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import {
  comeBack,
  exchange,
  fetchCode,
  leaveFor,
  logInWith,
  openPage,
  RETURN_TO,
  signInAt,
} from '../../support/social.ts';

const URLS = { google: localCloud.googleUrl, github: localCloud.githubUrl } as const;
const PROVIDERS = ['google', 'github'] as const;
const TOKEN_PATHS = { google: '/token', github: '/access_token' } as const;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  await resetRateLimits();
  const person = { sub: '77', email: 'asha@example.com', name: 'Asha Rao' };
  await Promise.all(Object.values(URLS).map((url) => signInWith(url, person)));
});
afterEach(async () => {
  setClock(null);
  await Promise.all([emptyCollections(), ...Object.values(URLS).map(clearOauthFaults)]);
});
afterAll(() => app.stop());

function callback(provider: string, query: Record<string, string>) {
  return app.request.get(`/api/v1/auth/oauth/${provider}/callback`).query(query);
}

async function expectNothing(): Promise<void> {
  expect([await UserModel.countDocuments(), await SessionModel.countDocuments()]).toEqual([0, 0]);
}

describe('GET /auth/oauth/:provider', () => {
  const { codeChallenge } = openPage();

  it.each([
    ['another site', 'https://evil.example/auth/callback'],
    ['a longer host', 'http://localhost:5173.evil.example/auth/callback'],
    ['the host as a user name', 'http://localhost:5173@evil.example/auth/callback'],
    ['a longer path', `${RETURN_TO}/../../open`],
    ['a path that begins alike', `${RETURN_TO}x`],
    ['a query', `${RETURN_TO}?next=https://evil.example`],
    ['a fragment', `${RETURN_TO}#`],
    ['another scheme', 'https://localhost:5173/auth/callback'],
    ['another case', 'http://LOCALHOST:5173/auth/callback'],
    ['no scheme', '//localhost:5173/auth/callback'],
    ['a path alone', '/auth/callback'],
    ['a script', 'javascript:alert(1)//http://localhost:5173/auth/callback'],
    ['a backslash', 'http:\\\\localhost:5173/auth/callback'],
    ['a space', ` ${RETURN_TO}`],
    ['two addresses', `${RETURN_TO},https://evil.example`],
    ['nothing', ''],
  ])('with %s to return to, refuses and redirects nowhere', async (_, returnTo) => {
    const res = await app.request.get('/api/v1/auth/oauth/google').query({ returnTo, codeChallenge });
    expect([res.status, errorOf(res).code]).toEqual([400, 'validation_failed']);
    expect(res.headers['location']).toBeUndefined();
  });

  it('with a second address to return to, refuses', async () => {
    const query = new URLSearchParams({ returnTo: RETURN_TO, codeChallenge });
    query.append('returnTo', 'https://evil.example');
    expect((await app.request.get(`/api/v1/auth/oauth/google?${query.toString()}`)).status).toBe(400);
  });

  it.each(['', 'short', 'plain-verifier-of-43-characters-but-with-!!!', 'a'.repeat(44)])(
    'with %j for a challenge, refuses',
    async (challenge) => {
      const query = { returnTo: RETURN_TO, codeChallenge: challenge };
      expect((await app.request.get('/api/v1/auth/oauth/google').query(query)).status).toBe(400);
    },
  );

  it('for a provider that nobody knows, refuses', async () => {
    const res = await app.request.get('/api/v1/auth/oauth/facebook').query({ returnTo: RETURN_TO, codeChallenge });
    expect([res.status, errorOf(res).code]).toEqual([400, 'validation_failed']);
  });
});

describe('GET /auth/oauth/:provider/callback', () => {
  it.each([
    ['no state', { code: 'abc' }],
    ['an unknown state', { code: 'abc', state: 'x'.repeat(43) }],
    ['an endless state', { code: 'abc', state: 'x'.repeat(500) }],
  ])('with %s, answers oauth_failed and goes nowhere', async (_, query) => {
    const res = await callback('google', query);
    expect([res.status, errorOf(res).code]).toEqual([400, 'oauth_failed']);
    expect(res.headers['location']).toBeUndefined();
    await eventually(async () => {
      expect(await AuditModel.findOne({ event: 'auth.log_in_failed' }).lean()).toMatchObject({
        reason: 'oauth_failed',
      });
    });
  });

  it.each(PROVIDERS)('with a state of %s for the second time, answers oauth_failed', async (provider) => {
    const returning = await signInAt(await leaveFor(app, provider, openPage()));
    await comeBack(app, returning);
    const res = await app.request.get(returning.pathname + returning.search);
    expect([res.status, errorOf(res).code]).toEqual([400, 'oauth_failed']);
  });

  it('20 times at once with one state, goes on once', async () => {
    const returning = await signInAt(await leaveFor(app, 'google', openPage()));
    const answers = await atOnce([app.url], 20, () => app.request.get(returning.pathname + returning.search));
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([302, ...Array<number>(19).fill(400)]);
    expect(answers.filter(({ headers }) => headers['location']?.includes('code=') === true)).toHaveLength(1);
  });

  it('with the state of the other provider, ends that flow too', async () => {
    const returning = await signInAt(await leaveFor(app, 'google', openPage()));
    const query = Object.fromEntries(returning.searchParams);
    const res = await callback('github', query);
    expect(res.headers['location']).toBe(`${RETURN_TO}?error=oauth_failed`);
    expect((await callback('google', query)).status).toBe(400);
  });

  it.each(PROVIDERS)('with a code of %s that was used before, returns with an error', async (provider) => {
    const first = await signInAt(await leaveFor(app, provider, openPage()));
    await comeBack(app, first);
    const second = await signInAt(await leaveFor(app, provider, openPage()));
    second.searchParams.set('code', first.searchParams.get('code') ?? '');
    expect((await comeBack(app, second)).searchParams.get('error')).toBe('oauth_failed');
  });

  it.each(PROVIDERS)(
    'with somebody else’s code of %s, returns with an error: it was made for another flow',
    async (provider) => {
      const theirs = await signInAt(await leaveFor(app, provider, openPage()));
      const mine = await signInAt(await leaveFor(app, provider, openPage()));
      mine.searchParams.set('code', theirs.searchParams.get('code') ?? '');
      expect((await comeBack(app, mine)).searchParams.get('error')).toBe('oauth_failed');
    },
  );

  it('with a parameter twice, refuses', async () => {
    const returning = await signInAt(await leaveFor(app, 'google', openPage()));
    returning.searchParams.append('code', 'another');
    expect((await app.request.get(returning.pathname + returning.search)).status).toBe(400);
  });

  const BOTH = PROVIDERS.flatMap((provider) =>
    (['expired_code', 'wrong_iss_parameter'] as const).map((kind) => [provider, kind] as const),
  );
  const OF_OPENID = (['wrong_issuer', 'wrong_audience', 'wrong_nonce', 'bad_signature', 'no_id_token'] as const).map(
    (kind) => ['google', kind] as const,
  );
  it.each([...BOTH, ...OF_OPENID])('with %s and %s, returns with an error', async (provider, kind) => {
    await setOauthFaults(URLS[provider], { kind });
    const returned = await comeBack(app, await signInAt(await leaveFor(app, provider, openPage())));
    expect(returned.href).toBe(`${RETURN_TO}?error=oauth_failed`);
    await expectNothing();
  });

  const AWAY: [OauthFaultsInput[number]['kind'], string][] = [
    ['down', 'service_unavailable'],
    ['huge', 'service_unavailable'],
    ['html', 'oauth_failed'],
    ['redirect', 'oauth_failed'],
  ];
  const ILL = PROVIDERS.flatMap((provider) => AWAY.map(([kind, error]) => [provider, kind, error] as const));
  it.each(ILL)('while the tokens of %s are %s, returns with %s', async (provider, kind, error) => {
    const returning = await signInAt(await leaveFor(app, provider, openPage()));
    await setOauthFaults(URLS[provider], { kind, path: TOKEN_PATHS[provider] });
    expect((await comeBack(app, returning)).searchParams.get('error')).toBe(error);
    await expectNothing();
    expect((await logInWith(app, provider)).status).toBe(200);
  });

  it.each([
    ['/user', 'html', 'oauth_failed'],
    ['/user', 'huge', 'service_unavailable'],
    ['/user/emails', 'down', 'service_unavailable'],
  ] as const)('while %s of GitHub is %s, returns with %s', async (path, kind, error) => {
    const returning = await signInAt(await leaveFor(app, 'github', openPage()));
    await setOauthFaults(URLS.github, { kind, path });
    expect((await comeBack(app, returning)).searchParams.get('error')).toBe(error);
  });

  it.each(['slow', 'trickle'] as const)('while the tokens are %s, gives up within seconds', async (kind) => {
    const returning = await signInAt(await leaveFor(app, 'github', openPage()));
    // For longer than this test may take.
    await setOauthFaults(URLS.github, { kind, ms: 60_000, path: '/access_token' });
    expect((await comeBack(app, returning)).searchParams.get('error')).toBe('service_unavailable');
  });
});

describe('discovery', () => {
  /** What was learnt is forgotten after an hour. */
  function forgetWhatWasLearnt(): void {
    hours += 2;
    setClock({ offsetMs: hours * 3_600_000 });
  }
  let hours = 0;

  it.each(['down', 'html', 'huge', 'redirect', 'wrong_discovery_issuer'] as const)(
    'that is %s, is 503, and the next attempt asks again',
    async (kind) => {
      forgetWhatWasLearnt();
      await setOauthFaults(URLS.google, { kind });
      const { codeChallenge } = openPage();
      const begin = () => app.request.get('/api/v1/auth/oauth/google').query({ returnTo: RETURN_TO, codeChallenge });
      const res = await begin();
      expect([res.status, errorOf(res).code]).toEqual([503, 'service_unavailable']);
      expect(res.headers['retry-after']).toBeDefined();
      expect(res.text).not.toContain('evil');
      expect((await begin()).status).toBe(302);
    },
  );
});

describe('POST /auth/oauth/exchange', () => {
  it('by another page than the one that began, is refused, and the code is spent', async () => {
    const page = openPage();
    const code = await fetchCode(app, 'google', page);
    const stolen = await exchange(app, code, openPage());
    expect([stolen.status, errorOf(stolen).code]).toEqual([400, 'oauth_failed']);
    expect((await exchange(app, code, page)).status).toBe(400);
    await expectNothing();
  });

  it('with the challenge in place of its secret, is refused', async () => {
    const page = openPage();
    const code = await fetchCode(app, 'google', page);
    expect((await exchange(app, code, { ...page, codeVerifier: page.codeChallenge })).status).toBe(400);
    await expectNothing();
  });

  it('20 times at once, opens one session', async () => {
    const page = openPage();
    const code = await fetchCode(app, 'github', page);
    const answers = await atOnce([app.url], 20, () => exchange(app, code, page));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(19).fill(400)]);
    expect(await SessionModel.countDocuments()).toBe(1);
  });

  it('with a code past its minute, is refused', async () => {
    const page = openPage();
    const code = await fetchCode(app, 'google', page);
    const { cache } = redisClients();
    for (const key of await cache.keys(redisKey('oauth-outcome', '*'))) await cache.pexpire(key, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(errorOf(await exchange(app, code, page)).code).toBe('oauth_failed');
  });

  it('with a state or a code of the provider, is refused', async () => {
    const page = openPage();
    const returning = await signInAt(await leaveFor(app, 'google', page));
    for (const name of ['state', 'code']) {
      expect((await exchange(app, returning.searchParams.get(name) ?? '', page)).status).toBe(400);
    }
  });

  it.each([[{ $ne: null }], [['a', 'b']], [7], [null], ['']])(
    'with %j for a code or a secret, is refused',
    async (value) => {
      const { codeVerifier } = openPage();
      for (const body of [
        { code: value, codeVerifier },
        { code: 'a', codeVerifier: value },
      ]) {
        const res = await app.request.post('/api/v1/auth/oauth/exchange').send(body);
        expect([res.status, errorOf(res).code]).toEqual([400, 'validation_failed']);
      }
    },
  );

  it('with a code that was meant to link, is refused', async () => {
    const page = openPage();
    const { headers } = await logInAs();
    const body = { returnTo: RETURN_TO, codeChallenge: page.codeChallenge, password: PASSWORD };
    const begun = await app.request.post('/api/v1/auth/oauth/google/link').set(headers).send(body).expect(200);
    const { authorizationUrl } = begun.body as { authorizationUrl: string };
    const returned = await comeBack(app, await signInAt(authorizationUrl));
    const res = await exchange(app, returned.searchParams.get('code') ?? '', page);
    expect([res.status, errorOf(res).code]).toEqual([400, 'oauth_failed']);
  });
});
