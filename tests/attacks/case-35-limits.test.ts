import { redisProxy } from '../setup/with-redis-proxy.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routeTable } from '../../scripts/architecture/route-table.ts';
import { bootstrap } from '../../src/bootstrap.ts';
import {
  localLimit,
  policyOf,
  rateLimitPolicies,
  type RateLimitPolicyName,
} from '../../src/http/middleware/rate-limit-policies.ts';
import { shutdown } from '../../src/infra/lifecycle/index.ts';
import { askRedis, redisClients, redisKey } from '../../src/infra/redis/index.ts';
import { moduleRouters } from '../../src/routes.ts';
import { createUser, PASSWORD } from '../factories/user.ts';
import { emptyAllCollections } from '../setup/empty-collections.ts';
import { eventually } from '../support/eventually.ts';
import { startApi, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

const { login, loginTarget } = rateLimitPolicies;

/** Two on the open network, one behind a proxy of ours. */
let one: ApiProcess;
let two: ApiProcess;
let proxied: ApiProcess;
beforeAll(async () => {
  await bootstrap();
  [one, two, proxied] = await Promise.all([startApi(), startApi(), startApi({ TRUST_PROXY_HOPS: '1' })]);
});
beforeEach(resetRateLimits);
afterEach(async () => {
  redisProxy.mend();
  await eventually(async () => {
    await askRedis((cache) => cache.ping());
    const answers = await Promise.all([one, two, proxied].map((api) => logIn(api)));
    expect(answers.map(limitOf)).toEqual(answers.map(() => login.limit));
  });
});
afterAll(async () => {
  await emptyAllCollections();
  await shutdown('test');
});

/** Refused before it costs a hash, but counted. */
async function logIn({ base }: ApiProcess, headers: Record<string, string> = {}): Promise<Response> {
  return send(`${base}/api/v1/auth/login`, headers);
}

async function send(url: string, headers: Record<string, string> = {}): Promise<Response> {
  const res = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{}',
  });
  await res.text();
  return res;
}

async function statusesOf(count: number, attempt: (index: number) => Promise<Response>): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => attempt(index)));
  return answers.map(({ status }) => status);
}

const limitOf = ({ headers }: Response) => Number(headers.get('ratelimit-limit'));
const refused = (statuses: number[]) => statuses.filter((status) => status === 429).length;

describe('case 35: a limit over two processes', () => {
  it('is one limit, whoever is asked and however many come at once', async () => {
    const statuses = await statusesOf(login.limit + 12, (index) => logIn(index % 2 === 0 ? one : two));
    expect(refused(statuses)).toBe(12);
  });

  it('tells on every process what is left of it', async () => {
    await logIn(one);
    const { headers } = await logIn(two);
    expect(headers.get('ratelimit-remaining')).toBe(String(login.limit - 2));
    expect(headers.get('ratelimit-policy')).toBe(`${login.limit};w=${login.windowSeconds}`);
  });

  it('refuses with the time to wait, also where several limits stand on the route', async () => {
    await statusesOf(login.limit, () => logIn(one));
    const res = await logIn(two);
    expect(res.status).toBe(429);
    const seconds = Number(res.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(login.windowSeconds);
    expect(res.headers.get('ratelimit-reset')).toBe(String(seconds));
  });
});

describe('case 35: a limit is keyed by what the client cannot choose:', () => {
  const spoofs = (index: number) => ({
    'X-Forwarded-For': `203.0.113.${index}`,
    'X-Real-IP': `203.0.113.${index}`,
    Forwarded: `for=203.0.113.${index}`,
    'X-Client-IP': `203.0.113.${index}`,
    'True-Client-IP': `203.0.113.${index}`,
    'CF-Connecting-IP': `203.0.113.${index}`,
  });

  it('without a trusted proxy no header moves it', async () => {
    expect(refused(await statusesOf(login.limit + 5, (index) => logIn(one, spoofs(index))))).toBe(5);
    const keys = await redisClients().cache.keys(`${redisKey('limit', 'login')}*`);
    expect(keys).toEqual([redisKey('limit', 'login', '127.0.0.1')]);
  });

  it('behind one proxy it is what the proxy wrote, not what the client sent before', async () => {
    const behind = (index: number) => ({ ...spoofs(index), 'X-Forwarded-For': `203.0.113.${index}, 198.51.100.7` });
    expect(refused(await statusesOf(login.limit + 5, (index) => logIn(proxied, behind(index))))).toBe(5);
    expect((await logIn(proxied, { 'X-Forwarded-For': '198.51.100.8' })).status).toBe(400);
  });

  it('the addresses of one IPv6 network are one, those of the next another', async () => {
    const inside = (index: number) => ({ 'X-Forwarded-For': `2001:db8:0:1::${index.toString(16)}` });
    expect(refused(await statusesOf(login.limit + 5, (index) => logIn(proxied, inside(index + 1))))).toBe(5);
    expect((await logIn(proxied, { 'X-Forwarded-For': '2001:db8:0:2::1' })).status).toBe(400);
  });

  it('an IPv4 address in the clothes of IPv6 is the same address, and no network', async () => {
    await statusesOf(login.limit, () => logIn(proxied, { 'X-Forwarded-For': '198.51.100.9' }));
    expect((await logIn(proxied, { 'X-Forwarded-For': '::ffff:198.51.100.9' })).status).toBe(429);
    expect((await logIn(proxied, { 'X-Forwarded-For': '::ffff:198.51.100.10' })).status).toBe(400);
  });
});

const WAYS = [
  [
    'cut off',
    () => {
      redisProxy.cut();
    },
  ],
  [
    'silent',
    () => {
      redisProxy.stall();
    },
  ],
] as const;

describe('case 35: with Redis away', () => {
  /** One public route for each strict policy by address. */
  const strict = new Map<RateLimitPolicyName, string>();
  for (const { method, path, info, auth } of routeTable(moduleRouters)) {
    if (method !== 'post' || auth !== 'public' || path.includes(':')) continue;
    for (const entry of info) {
      if (entry.kind !== 'rateLimit') continue;
      const name = entry.policy as RateLimitPolicyName;
      const { key, withoutRedis } = policyOf(name);
      if (key === 'address' && withoutRedis === 'strict') strict.set(name, strict.get(name) ?? path);
    }
  }

  it.each([...strict])('%s is limited by each process alone, strictly', async (name, path) => {
    redisProxy.cut();
    const allowed = localLimit(policyOf(name));
    const statuses: number[] = [];
    // One after another: each that comes before Redis is known to be away is counted here, too.
    for (let index = 0; index <= allowed; index += 1) statuses.push((await send(`${two.base}/api/v1${path}`)).status);
    expect(statuses.at(-1)).toBe(429);
    expect(statuses).not.toContain(500);
    expect(statuses).not.toContain(503);
  });

  it.each(WAYS)(
    '%s: guesses at one account are limited by each process, strictly, and nobody else',
    async (_, goAway) => {
      const { email } = await createUser();
      const fresh = await startApi({ TRUST_PROXY_HOPS: '1' });
      goAway();
      const guess = async (n: number, body: object): Promise<number> => {
        const headers = { 'content-type': 'application/json', 'X-Forwarded-For': `198.51.100.${n}` };
        const init = { method: 'POST', headers, body: JSON.stringify(body) };
        const res = await fetch(`${fresh.base}/api/v1/auth/login`, init);
        await res.text();
        // A target is never told.
        if (res.status !== 429) expect(limitOf(res)).toBe(localLimit(login));
        return res.status;
      };
      const statuses: number[] = [];
      const allowed = localLimit(loginTarget);
      for (let n = 0; n < allowed + 2; n += 1) statuses.push(await guess(n, { email, password: 'wrong password' }));
      expect(statuses).toEqual([...Array<number>(allowed).fill(401), 429, 429]);
      expect(await guess(100, { email, password: PASSWORD })).toBe(429);
      expect(await guess(101, { email: (await createUser()).email, password: PASSWORD })).toBe(200);
    },
  );

  it.each(WAYS)('%s: browsing goes on, and only one request in a second waits to find out', async (_, goAway) => {
    goAway();
    const lasted: number[] = [];
    const startedAt = performance.now();
    while (performance.now() - startedAt < 1_500) {
      const sentAt = performance.now();
      const res = await fetch(`${one.base}/api/v1/restaurants`);
      await res.text();
      expect(res.status).toBe(200);
      lasted.push(performance.now() - sentAt);
    }
    // Redis is given half a second; what a busy machine adds to the others is less.
    const slow = lasted.filter((ms) => ms > 400);
    expect(slow.length).toBeLessThanOrEqual(3);
    expect(Math.max(...lasted)).toBeLessThan(1_500);
    expect(lasted.length).toBeGreaterThan(20);
  });

  it('its counts go on where they stood when it is back', async () => {
    await statusesOf(login.limit - 1, () => logIn(one));
    redisProxy.cut();
    expect(limitOf(await logIn(one))).toBe(localLimit(login));
    redisProxy.mend();
    await eventually(async () => {
      expect(limitOf(await logIn(one))).toBe(login.limit);
    });
    expect((await logIn(two)).status).toBe(429);
  });

  it('from the first request on, it is no worse, and ends', async () => {
    redisProxy.cut();
    const late = await startApi();
    expect(limitOf(await logIn(late))).toBe(localLimit(login));
    redisProxy.mend();
    await eventually(async () => {
      expect(limitOf(await logIn(late))).toBe(login.limit);
    });
  });
});
