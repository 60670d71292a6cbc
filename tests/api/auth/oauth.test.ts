import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearOauthFaults, signInWith, type PersonInput } from '../../../scripts/local-cloud/control-client.ts';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { redisClients, redisKey } from '../../../src/infra/redis/index.ts';
import { IdentityModel } from '../../../src/modules/auth/social/identity.model.ts';
import { exchangeSocialCodeRoute } from '../../../src/modules/auth/social/social.schema.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { answerOf } from '../../support/answer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { atOnce } from '../../support/at-once.ts';
import { expectContract } from '../../support/expect-contract.ts';
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

const ASHA: PersonInput = { sub: '77', email: 'Asha@Example.com', name: 'Asha Rao' };
const URLS = { google: localCloud.googleUrl, github: localCloud.githubUrl } as const;
const PROVIDERS = ['google', 'github'] as const;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  await resetRateLimits();
  await signIn(ASHA);
});
afterEach(async () => {
  await Promise.all([emptyCollections(), ...Object.values(URLS).map(clearOauthFaults)]);
});
afterAll(() => app.stop());

async function signIn(person: PersonInput): Promise<void> {
  await Promise.all(Object.values(URLS).map((url) => signInWith(url, person)));
}

describe.each(PROVIDERS)('log-in with %s', (provider) => {
  it('by somebody new, opens an account with a proven e-mail and a session', async () => {
    const res = await logInWith(app, provider);
    expect(res.status).toBe(200);
    expectContract(exchangeSocialCodeRoute, answerOf(res));
    expect(res.headers['cache-control']).toBe('no-store');
    const user = await UserModel.findOne().lean();
    expect(user).toMatchObject({
      email: 'asha@example.com',
      name: 'Asha Rao',
      roles: ['customer'],
      passwordHash: null,
      emailVerifiedAt: expect.any(Date) as unknown,
    });
    expect(await IdentityModel.find().lean()).toEqual([
      expect.objectContaining({ userId: user?._id, provider, subject: '77', email: 'Asha@Example.com' }),
    ]);
    expect(await SessionModel.findOne().lean()).toMatchObject({ userId: user?._id, method: provider });
    const events = await AuditModel.distinct('event', { actorId: user?._id ?? '' });
    expect(events.toSorted()).toEqual(['auth.identity_linked', 'auth.logged_in', 'auth.signed_up']);
    // Nobody is told of the device that the account was made on, nor that it was linked.
    expect(await OutboxModel.distinct('event')).toEqual(['user.signed_up']);
    const { accessToken } = res.body as { accessToken: string };
    await app.request.get('/api/v1/me').set('Authorization', `Bearer ${accessToken}`).expect(200);
  });

  it('by somebody known, opens the same account, also with another e-mail there', async () => {
    const first = await logInWith(app, provider);
    await signIn({ ...ASHA, email: 'asha.rao@example.net', emailVerified: false });
    const second = await logInWith(app, provider);
    expect(second.status).toBe(200);
    expect((second.body as { user: unknown }).user).toEqual((first.body as { user: unknown }).user);
    expect(await UserModel.countDocuments()).toBe(1);
  });

  it('to an account whose e-mail is proven, links it, and its owner is told', async () => {
    const user = await createUser({ email: 'asha@example.com' });
    const res = await logInWith(app, provider);
    expect((res.body as { user: { id: string } }).user.id).toBe(user._id);
    expect(await IdentityModel.countDocuments({ userId: user._id, provider })).toBe(1);
    expect(await OutboxModel.findOne({ event: 'auth.account_changed' }).lean()).toMatchObject({
      payload: { userId: user._id, change: 'identity_linked' },
    });
  });

  it('to an account that somebody squats, answers 409 and links nothing', async () => {
    const squatter = await createUser({ email: 'asha@example.com', emailVerifiedAt: null });
    const res = await logInWith(app, provider);
    expect([res.status, errorOf(res).code]).toEqual([409, 'oauth_account_unverified']);
    expect(await IdentityModel.countDocuments()).toBe(0);
    expect(await SessionModel.countDocuments()).toBe(0);
    expect(await UserModel.find().lean()).toEqual([expect.objectContaining({ _id: squatter._id })]);
  });

  it.each([
    ['an unverified e-mail', { ...ASHA, emailVerified: false }],
    ['no e-mail', { ...ASHA, email: null }],
  ])('with %s, answers 422 and opens nothing, not even an account with that e-mail', async (_, person) => {
    await createUser({ email: 'asha@example.com' });
    await signIn(person);
    const res = await logInWith(app, provider);
    expect([res.status, errorOf(res).code]).toEqual([422, 'oauth_email_unverified']);
    expect(await UserModel.countDocuments()).toBe(1);
    expect(await IdentityModel.countDocuments()).toBe(0);
  });

  it('20 times at once by somebody new, makes one account', async () => {
    const pages = Array.from({ length: 20 }, openPage);
    const codes = await Promise.all(pages.map((page) => fetchCode(app, provider, page)));
    const answers = await atOnce([app.url], 20, (index) => {
      const page = pages[index] ?? openPage();
      return exchange(app, codes[index] ?? '', page);
    });
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(20).fill(200));
    expect(await UserModel.countDocuments()).toBe(1);
    expect(await IdentityModel.countDocuments()).toBe(1);
    expect(await SessionModel.countDocuments()).toBe(20);
    expect(await OutboxModel.countDocuments({ event: 'user.signed_up' })).toBe(1);
  });

  it('to an account with another identity of this provider, answers 409: an e-mail can pass to somebody else', async () => {
    await logInWith(app, provider);
    await signIn({ ...ASHA, sub: '78' });
    const res = await logInWith(app, provider);
    expect([res.status, errorOf(res).code]).toEqual([409, 'identity_taken']);
    expect(await IdentityModel.distinct('subject')).toEqual(['77']);
  });

  it('to a suspended account, is refused', async () => {
    await createUser({ email: 'asha@example.com', status: 'suspended' });
    const res = await logInWith(app, provider);
    expect([res.status, errorOf(res).code]).toEqual([403, 'account_suspended']);
    expect(await IdentityModel.countDocuments()).toBe(0);
  });

  it('to an account with a second factor, asks for it', async () => {
    await createUser({ email: 'asha@example.com', hasSecondFactor: true });
    const res = await logInWith(app, provider);
    expect([res.status, errorOf(res).code]).toEqual([401, 'mfa_required']);
    expect(await SessionModel.countDocuments()).toBe(0);
  });

  it('wherever it leads, no address holds a token, a profile or a secret of ours', async () => {
    const page = openPage();
    const authorization = await leaveFor(app, provider, page);
    const keys = [...authorization.searchParams.keys()].toSorted();
    const nonce = provider === 'google' ? ['nonce'] : [];
    const expected = [
      'client_id',
      'code_challenge',
      'code_challenge_method',
      ...nonce,
      'redirect_uri',
      'response_type',
    ];
    expect(keys).toEqual([...expected, 'scope', 'state']);
    expect(authorization.searchParams.get('redirect_uri')).toBe(
      `http://127.0.0.1:5000/api/v1/auth/oauth/${provider}/callback`,
    );
    expect(authorization.searchParams.get('code_challenge')).not.toBe(page.codeChallenge);
    const callback = await signInAt(authorization);
    const res = await app.request.get(callback.pathname + callback.search);
    expect(res.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
    expect(res.text).toBe('');
    const returned = new URL(res.headers['location'] ?? '');
    expect(returned.origin + returned.pathname).toBe(RETURN_TO);
    expect([...returned.searchParams.keys()]).toEqual(['code']);
    expect(returned.searchParams.get('code')).toMatch(/^[\w-]{43}$/);
    expect(await UserModel.countDocuments()).toBe(0);
  });

  it('ended at the provider, returns with an error', async () => {
    await signInWith(URLS[provider], null);
    const authorization = await leaveFor(app, provider, openPage());
    const refusal = await fetch(authorization, { method: 'POST', redirect: 'manual', body: 'person=' });
    const returned = await comeBack(app, new URL(refusal.headers.get('location') ?? ''));
    expect(returned.href).toBe(`${RETURN_TO}?error=oauth_failed`);
  });
});

describe('the name of a new account', () => {
  it.each([
    ['missing', null, 'asha'],
    ['not a line of text', 'Asha\u2028<b>', 'asha'],
    ['longer than ours may be', 'A'.repeat(300), 'A'.repeat(100)],
  ])('%s at the provider, is made up from what is there', async (_, name, expected) => {
    await signIn({ ...ASHA, name });
    const res = await logInWith(app, 'google');
    expect((res.body as { user: { name: string } }).user.name).toBe(expected);
  });
});

describe('what waits in Redis', () => {
  it('for the provider and then for the page, is short-lived and shows no secret', async () => {
    await forget('oauth-flow', 'oauth-outcome');
    const page = openPage();
    const authorization = await leaveFor(app, 'google', page);
    const flow = await theOnlyOne('oauth-flow');
    expect(flow.ttl).toBeGreaterThan(590);
    expect(flow.ttl).toBeLessThanOrEqual(600);
    const { searchParams } = authorization;
    for (const secret of [searchParams.get('state'), searchParams.get('nonce'), page.codeVerifier]) {
      expect(flow.content).not.toContain(secret);
    }
    const returned = await comeBack(app, await signInAt(authorization));
    expect(await storedUnder('oauth-flow')).toEqual([]);
    const outcome = await theOnlyOne('oauth-outcome');
    expect(outcome.ttl).toBeGreaterThan(50);
    expect(outcome.ttl).toBeLessThanOrEqual(60);
    const code = returned.searchParams.get('code') ?? '';
    expect(outcome.content).not.toContain(code);
    await exchange(app, code, page).expect(200);
    expect(await storedUnder('oauth-outcome')).toEqual([]);
  });
});

/** Of other tests. */
async function forget(...kinds: string[]): Promise<void> {
  const { cache } = redisClients();
  const keys = await Promise.all(kinds.map((kind) => cache.keys(redisKey(kind, '*'))));
  await cache.del('none', ...keys.flat());
}

interface Stored {
  /** Key and value. */
  content: string;
  ttl: number;
}

async function storedUnder(kind: string): Promise<Stored[]> {
  const { cache } = redisClients();
  const keys = await cache.keys(redisKey(kind, '*'));
  return Promise.all(
    keys.map(async (key) => ({ content: `${key} ${String(await cache.get(key))}`, ttl: await cache.ttl(key) })),
  );
}

async function theOnlyOne(kind: string): Promise<Stored> {
  const [stored, ...others] = await storedUnder(kind);
  if (stored === undefined || others.length > 0) throw new Error(`not one but ${others.length} more under ${kind}`);
  return stored;
}
