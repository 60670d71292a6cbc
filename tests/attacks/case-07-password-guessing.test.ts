import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import supertest from 'supertest';
import { rateLimitPolicies } from '../../src/http/middleware/rate-limit-policies.ts';
import { redisClients, redisKey } from '../../src/infra/redis/index.ts';
import { DEVICE_TOKEN_SECONDS, issueDeviceToken } from '../../src/modules/auth/device-token.ts';
import { setClock } from '../../src/shared/clock.ts';
import { createUser, PASSWORD } from '../factories/user.ts';
import { emptyAllCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { atOnce } from '../support/at-once.ts';
import { metricOf, startApi, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

const { login, loginTarget } = rateLimitPolicies;
const EMAIL = 'kavya.rao@example.com';

/** Two instances over one Redis; each believes one proxy, through which this test can come from any address. */
let one: ApiProcess;
let two: ApiProcess;
/** In this process, with no proxy to believe. */
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  [one, two] = await Promise.all([startApi({ TRUST_PROXY_HOPS: '1' }), startApi({ TRUST_PROXY_HOPS: '1' })]);
});
beforeEach(async () => {
  await resetRateLimits();
  await createUser({ email: EMAIL });
});
afterEach(emptyAllCollections);
afterAll(() => app.stop());

interface Attempt {
  email?: unknown;
  password?: string;
  base?: string;
  headers?: Record<string, string>;
  extra?: object;
}

function attempt({ email = EMAIL, password = 'wrong horse', base = app.url, headers = {}, extra = {} }: Attempt = {}) {
  return supertest(base)
    .post('/api/v1/auth/login')
    .set(headers)
    .send({ email, password, ...extra });
}

/** An address of its own for each: what a botnet has. */
const from = (n: number) => ({ 'X-Forwarded-For': `198.51.100.${n % 250}` });

async function statusesOf(count: number, of: (n: number) => Attempt): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n += 1) statuses.push((await attempt(of(n))).status);
  return statuses;
}

/** The account's count of strangers is full. */
async function fillAccount(): Promise<void> {
  await statusesOf(loginTarget.limit, (n) => ({ base: one.base, headers: from(n) }));
}

function expiredDeviceToken(): string {
  setClock({ offsetMs: -DEVICE_TOKEN_SECONDS * 1000 });
  const token = issueDeviceToken(EMAIL);
  setClock(null);
  return token;
}

const tenTimes401Then429 = [...Array<number>(loginTarget.limit).fill(401), 429, 429];

describe('case 07: guessing the password of one account', () => {
  it('ends after ten, from one address', async () => {
    expect(await statusesOf(loginTarget.limit + 2, () => ({}))).toEqual(tenTimes401Then429);
  });

  it('ends after ten, from an address of its own each, on alternating instances', async () => {
    const statuses = await statusesOf(loginTarget.limit + 2, (n) => ({
      base: n % 2 === 0 ? one.base : two.base,
      headers: from(n),
    }));
    expect(statuses).toEqual(tenTimes401Then429);
  });

  it('ends after ten, when fifty come at once on both instances', async () => {
    const bases = [one.base, two.base];
    const answers = await atOnce(bases, 50, (n) => attempt({ base: bases[n % 2] ?? one.base, headers: from(n) }));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(loginTarget.limit);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(50 - loginTarget.limit);
  });

  it.each([
    ['KAVYA.RAO@EXAMPLE.COM'],
    ['Kavya.Rao@example.com'],
    ['  kavya.rao@example.com '],
    ['kavya.rao@example.com\n'],
    // The Kelvin sign, whose normal form is K.
    ['\u212Aavya.rao@example.com'],
    ['\u00a0kavya.rao@example.com\u3000'],
  ])('is not begun anew by the spelling %j, which is the same account', async (email) => {
    await fillAccount();
    const res = await attempt({ email, password: PASSWORD, base: two.base, headers: from(200) });
    expect(res.status).toBe(429);
    await resetRateLimits();
    expect((await attempt({ email, password: PASSWORD })).status).toBe(200);
  });

  it.each([
    ['without its dot', 'kavyarao@example.com'],
    ['with a plus', 'kavya.rao+1@example.com'],
    ['with a dot at the end', 'kavya.rao@example.com.'],
    ['with a letter that looks the same', 'kаvya.rao@example.com'],
    ['full width', 'ｋavya.rao@example.com'],
    ['with the length of a soft hyphen', 'kavya\u00ad.rao@example.com'],
  ])('guesses nothing about it by the spelling %s, which is another one', async (_what, email) => {
    const res = await attempt({ email, password: PASSWORD });
    expect([400, 401]).toContain(res.status);
  });

  it.each([
    ['another e-mail in a field nobody reads', { username: 'other@example.com' }],
    ['the same field in another case', { Email: 'other@example.com' }],
    ['a nested one', { user: { email: 'other@example.com' } }],
    ['a wish for a key', { key: '1', ip: '203.0.113.9' }],
  ])(
    'is not escaped by %s: it is refused before the password is looked at, and fills nothing',
    async (_what, extra) => {
      const right = { base: one.base, password: PASSWORD, extra };
      const statuses = await statusesOf(loginTarget.limit + 2, (n) => ({ ...right, headers: from(n) }));
      expect(new Set(statuses)).toEqual(new Set([400]));
      expect((await attempt({ base: two.base, password: PASSWORD, headers: from(200) })).status).toBe(200);
      await fillAccount();
      expect([400, 429]).toContain((await attempt({ ...right, headers: from(201) })).status);
    },
  );

  it('is not escaped by a list of attempts, by a batch, or by the other name of the path', async () => {
    await fillAccount();
    const many = Array.from({ length: 20 }, () => ({ email: EMAIL, password: PASSWORD }));
    expect((await supertest(one.base).post('/api/v1/auth/login').set(from(200)).send(many)).status).toBe(400);
    for (const path of ['/api/v1/batch', '/api/v1/auth/batch', '/api/v1/$batch', '/graphql']) {
      const batch = { requests: many.map((body) => ({ method: 'POST', path: '/auth/login', body })) };
      expect((await supertest(one.base).post(path).set(from(201)).send(batch)).status).toBe(404);
    }
    const other = supertest(one.base).post('/api/auth/login').set(from(202));
    expect((await other.send({ email: EMAIL, password: PASSWORD })).status).toBe(429);
    const duplicate = `{"email":"other@example.com","password":"x","email":"${EMAIL}"}`;
    const twice = supertest(one.base).post('/api/v1/auth/login').set(from(203)).type('json').send(duplicate);
    expect((await twice).status).toBe(429);
  });

  it('keeps no e-mail in Redis', async () => {
    await attempt();
    const keys = await redisClients().cache.keys(`${redisKey('limit', 'loginTarget')}*`);
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toContain('kavya');
  });
});

describe('case 07: while an account is limited', () => {
  it('the right password and a wrong one are answered alike, and neither reaches the hashes', async () => {
    await fillAccount();
    const results = ['ok', 'credentials_invalid'];
    const hashed = async () =>
      Promise.all(
        results.map((result) => metricOf(one, `quickbite_auth_attempts_total{method="password",result="${result}"}`)),
      );
    const before = await hashed();
    expect(before[1]).toBeGreaterThanOrEqual(loginTarget.limit);
    const right = await attempt({ password: PASSWORD, base: one.base, headers: from(200) });
    const wrong = await attempt({ base: one.base, headers: from(201) });
    const bare = ({ body }: { body: unknown }) => ({ ...(body as { error: object }).error, requestId: '' });
    expect([right.status, wrong.status]).toEqual([429, 429]);
    expect(bare(right)).toEqual(bare(wrong));
    const shown = ({ headers }: { headers: object }) => Object.keys(headers).sort();
    expect(shown(right)).toEqual(shown(wrong));
    expect(right.headers['content-length']).toBe(wrong.headers['content-length']);
    expect(Number(right.headers['retry-after'])).toBeGreaterThan(0);
    expect(await hashed()).toEqual(before);
  });

  it('its owner gets in on a device that is known, and strangers stay out', async () => {
    const known = await attempt({ password: PASSWORD });
    const deviceToken = String(known.headers['x-device-token']);
    await fillAccount();
    const headers = { 'X-Device-Token': deviceToken };
    expect((await attempt({ password: PASSWORD, headers })).status).toBe(200);
    expect((await attempt({ password: PASSWORD, base: one.base, headers: from(200) })).status).toBe(429);
    const cookie = { Cookie: `__Host-quickbite-device=${deviceToken}` };
    expect((await attempt({ password: PASSWORD, headers: cookie })).status).toBe(200);
  });

  it.each([
    ['of another account', () => issueDeviceToken('eve@example.com')],
    ['made up', () => `${'a'.repeat(24)}.1790000000.${'b'.repeat(64)}`],
    ['with another device in it', () => issueDeviceToken(EMAIL).replace(/^./, (c) => (c === '0' ? '1' : '0'))],
    ['that is none', () => 'known'],
    ['that has run out', expiredDeviceToken],
  ])('a device token %s moves nobody out of the count', async (_what, make) => {
    await fillAccount();
    const headers = { ...from(200), 'X-Device-Token': make() };
    expect((await attempt({ password: PASSWORD, base: one.base, headers })).status).toBe(429);
  });

  it('five known devices have ten guesses in all, and take none from the strangers', async () => {
    const hoard: string[] = [];
    // Each log-in without a token makes one more.
    for (let n = 0; n < 5; n += 1)
      hoard.push(String((await attempt({ password: PASSWORD })).headers['x-device-token']));
    expect(new Set(hoard.map((token) => token.split('.')[0])).size).toBe(5);
    const statuses = await statusesOf(loginTarget.limit + 2, (n) => ({
      base: n % 2 === 0 ? one.base : two.base,
      headers: { ...from(n), 'X-Device-Token': hoard[n % 5] ?? '' },
    }));
    expect(statuses).toEqual(tenTimes401Then429);
    for (const token of hoard)
      expect((await attempt({ password: PASSWORD, headers: { 'X-Device-Token': token } })).status).toBe(429);
    expect((await attempt({ password: PASSWORD })).status).toBe(200);
  });

  it('a device token is good until its last day', async () => {
    setClock({ offsetMs: -(DEVICE_TOKEN_SECONDS - 60) * 1000 });
    const old = issueDeviceToken(EMAIL);
    setClock(null);
    await fillAccount();
    expect((await attempt({ password: PASSWORD, headers: { 'X-Device-Token': old } })).status).toBe(200);
  });

  it('other accounts get in', async () => {
    await createUser({ email: 'ravi@example.com' });
    await fillAccount();
    expect((await attempt({ email: 'ravi@example.com', password: PASSWORD })).status).toBe(200);
  });

  it('who logs in rightly again and again is not', async () => {
    expect(await statusesOf(loginTarget.limit + 5, () => ({ password: PASSWORD }))).toEqual(
      Array(loginTarget.limit + 5).fill(200),
    );
  });
});

describe('case 07: guessing at many accounts from one address', () => {
  it('ends after thirty, whatever X-Forwarded-For says to an instance with no proxy', async () => {
    const statuses = await statusesOf(login.limit + 2, (n) => ({
      email: `person-${n}@example.com`,
      headers: { ...from(n), 'X-Real-IP': `203.0.113.${n}`, Forwarded: `for=203.0.113.${n}` },
    }));
    expect(statuses).toEqual([...Array<number>(login.limit).fill(401), 429, 429]);
  });

  it('ends after thirty behind a proxy too: what the client wrote into X-Forwarded-For itself is not believed', async () => {
    const statuses = await statusesOf(login.limit + 2, (n) => ({
      email: `person-${n}@example.com`,
      base: n % 2 === 0 ? one.base : two.base,
      headers: { 'X-Forwarded-For': `203.0.113.${n}, 198.51.100.7` },
    }));
    expect(statuses).toEqual([...Array<number>(login.limit).fill(401), 429, 429]);
  });
});
