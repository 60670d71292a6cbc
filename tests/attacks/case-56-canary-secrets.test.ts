import { localCloud } from '../setup/with-local-cloud.ts';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess, stopProcess, type Child } from '../../scripts/processes.ts';
import { connectRedis } from '../../src/infra/redis/index.ts';
import { wholeAccountLife } from '../support/account-life.ts';
import { saffronTable, useCity, type Restaurant } from '../support/city.ts';
import { redisDump } from '../support/codes.ts';
import { eventually } from '../support/eventually.ts';
import { outboxDone, pay, placeOrder, sendWebhooksTo, tryAccepting } from '../support/order-path.ts';
import { allRoutes, exampleBody, plausiblePath } from '../support/route-calls.ts';

/** What must never be found again, by where it is planted. */
const CANARIES = {
  password: 'Canary-Pa55-zebra-quilt',
  newPassword: 'Canary-N3w-ostrich-lamp',
  otp: '918273',
  token: 'canarytokenQ9x7ZkLmNpRs',
  card: '4242424242424242',
  authorization: 'canaryAuthHeaderV7w8',
  cookie: 'canaryCookieB4n5',
  query: 'canaryQueryH2j3',
} as const;

const ROOT = join(import.meta.dirname, '../..');
const lines: string[] = [];
const children: Child[] = [];
const bodies: string[] = [];
let base: string;
const privateUrls: string[] = [];

/** Every value that the run itself was given and must keep to itself: tokens of real log-ins. */
const issued: string[] = [];

/** What went out by mail and in answers, by name: links, codes, the second factor. */
let secrets: Record<string, string> = {};

async function start(name: 'server' | 'worker', ready: string): Promise<{ port?: number; privatePort: number }> {
  const from = lines.length;
  const env = { LOG_LEVEL: 'debug', RATE_LIMITS: 'false' };
  children.push(
    await startProcess({ name, args: [join(ROOT, `src/${name}.ts`)], env, onLine: (line) => lines.push(line) }),
  );
  return eventually(() => {
    const line = lines.slice(from).find((one) => one.includes(ready));
    if (line === undefined) throw new Error(lines.slice(-5).join('\n'));
    return JSON.parse(line) as { port?: number; privatePort: number };
  }, 40_000);
}

useCity();
beforeAll(async () => {
  const api = await start('server', 'api listening');
  const worker = await start('worker', 'worker running');
  base = `http://127.0.0.1:${api.port ?? 0}`;
  privateUrls.push(...[api, worker].map(({ privatePort }) => `http://127.0.0.1:${privatePort}`));
  sendWebhooksTo(base);
  await richRun();
}, 120_000);
afterAll(async () => {
  const { producer, cache, worker, subscriber, streams } = connectRedis();
  for (const client of [producer, cache, worker, subscriber, streams]) client.disconnect();
  await Promise.all(children.map((child) => stopProcess(child, 10_000)));
});

interface Sending {
  headers?: Record<string, string>;
  method?: string;
}

async function post(path: string, body: unknown, { headers = {}, method = 'POST' }: Sending = {}) {
  const init = { method, headers: { 'content-type': 'application/json', ...headers } };
  const res = await fetch(base + path, method === 'GET' ? init : { ...init, body: JSON.stringify(body) });
  const text = await res.text();
  const deviceToken = res.headers.get('x-device-token');
  if (deviceToken !== null) issued.push(deviceToken);
  // The answer to a log-in is where its own tokens belong.
  for (const key of ['accessToken', 'refreshToken']) {
    const value = new RegExp(`"${key}":"([^"]{20,})"`).exec(text)?.[1];
    if (value !== undefined) issued.push(value);
  }
  // The challenge is told to who has just shown the password.
  if (res.status >= 400) bodies.push(text.replace(/"challenge":"[^"]+"/, ''));
  return { text, deviceToken };
}

/** The canaries in every field of every route, in headers and queries; and a whole life of an account and of an order. */
async function richRun(): Promise<void> {
  const headers = {
    authorization: `Bearer ${CANARIES.authorization}.${CANARIES.authorization}.${CANARIES.authorization}`,
    cookie: `refresh=${CANARIES.cookie}; __Host-quickbite-refresh=${CANARIES.cookie}`,
    'x-device-token': CANARIES.token,
    'stripe-signature': `t=1,v1=${CANARIES.token}`,
    'idempotency-key': CANARIES.token,
  };
  await Promise.all(
    allRoutes.flatMap((route) => {
      const example = exampleBody(route) ?? {};
      const path = `${plausiblePath(route)}?token=${CANARIES.query}`;
      const filled = Object.fromEntries(Object.keys(example).map((key) => [key, canaryFor(key) ?? example[key]]));
      const extra = { ...example, password: CANARIES.password, card: { number: CANARIES.card }, [CANARIES.token]: 1 };
      const method = route.method.toUpperCase();
      return [post(path, filled, { headers, method }), post(plausiblePath(route), extra, { headers, method })];
    }),
  );
  const restaurant = await saffronTable();
  const { password, newPassword } = CANARIES;
  const email = 'canary-person@example.com';
  const invitation = { accessToken: restaurant.owner.accessToken, restaurantId: restaurant.restaurantId };
  secrets = await wholeAccountLife(post, { email, password, newPassword }, invitation);
  // One that is wrong by now.
  await post('/api/v1/auth/login', { email, password });
  await wholeOrder(restaurant);
}

function canaryFor(key: string): string | null {
  if (/newPassword/i.test(key)) return CANARIES.newPassword;
  if (/password/i.test(key)) return CANARIES.password;
  if (/code|otp|pin/i.test(key)) return CANARIES.otp;
  return /token|challenge|secret/i.test(key) ? CANARIES.token : null;
}

/** Paid with a card, accepted, its mails sent: what a worker does is part of it. */
async function wholeOrder(restaurant: Restaurant): Promise<void> {
  const { order } = await placeOrder(base, restaurant);
  await pay(order);
  await eventually(async () => {
    expect((await tryAccepting(restaurant.owner.at(base), order.id)).status).toBe(200);
  });
  await outboxDone(order.id, 30_000);
}

/** Names of the canaries, and the first letters of issued tokens, that stand in the text. */
function findIn(text: string): string[] {
  const named = Object.entries({ ...CANARIES, ...secrets }).filter(([, value]) => stands(value, text));
  const tokens = issued.filter((token) => text.includes(token)).map((token) => `issued ${token.slice(0, 6)}…`);
  return [...named.map(([name]) => name), ...tokens];
}

/** Six digits stand by chance inside many a hash, id and time: they count as a word of their own. */
function stands(value: string, text: string): boolean {
  return /^\d{6}$/.test(value) ? new RegExp(`(?<![\\w.])${value}(?![\\w.])`).test(text) : text.includes(value);
}

async function dumpCollection(name: string): Promise<string> {
  const rows = await mongoose.connection.collection(name).find().toArray();
  const texts = rows.map((row) => {
    const content: unknown = row['content'];
    const packed = content instanceof mongoose.mongo.Binary ? gunzipSync(content.value()).toString() : '';
    return JSON.stringify(row) + packed;
  });
  return texts.join('\n');
}

async function collections(): Promise<string[]> {
  const found = (await mongoose.connection.db?.listCollections({}, { nameOnly: true }).toArray()) ?? [];
  return found.map(({ name }) => name);
}

describe('case 56: of what was planted', () => {
  it('there was something to find', () => {
    expect(issued.length).toBeGreaterThan(5);
    expect(Object.entries(secrets).filter(([, value]) => value.length < 6)).toEqual([]);
    expect(Object.keys(secrets).length).toBeGreaterThan(25);
    expect(findIn(`code":"${secrets['logInCode'] ?? ''}"`)).toContain('logInCode');
    expect(lines.length).toBeGreaterThan(100);
    expect(bodies.length).toBeGreaterThan(50);
    expect(localCloud.stripeUrl).toContain('127.0.0.1');
  });

  it('nothing stands in the logs of the processes, at debug', () => {
    expect(lines.filter((line) => findIn(line).length > 0).map((line) => `${findIn(line).join()}: ${line}`)).toEqual(
      [],
    );
  });

  it('nothing stands in the metrics', async () => {
    for (const url of privateUrls) expect(findIn(await (await fetch(`${url}/metrics`)).text())).toEqual([]);
  });

  it('nothing stands in Redis, neither in keys, caches and limits nor in jobs', async () => {
    connectRedis();
    const entries = JSON.parse(await redisDump()) as [string, unknown][];
    expect(entries.map(([key]) => key).filter((key) => key.includes('mail')).length).toBeGreaterThan(0);
    const texts = entries.map((entry) => JSON.stringify(entry));
    const found = texts.filter((text) => findIn(text).length > 0);
    expect(found.map((text) => `${findIn(text).join()}: ${text.slice(0, 200)}`)).toEqual([]);
  });

  it('nothing is echoed in an answer that refuses', () => {
    const echoed = bodies.flatMap((body) => findIn(body).map((name) => `${name}: ${body}`));
    // The name of an unknown key is told to who sent it.
    expect(echoed.filter((one) => !one.includes('unknown_key'))).toEqual([]);
  });

  it.each([
    'account_links',
    'audit_log',
    'exports',
    'idempotency_keys',
    'notifications',
    'outbox',
    'payments',
    'refresh_tokens',
    'second_factors',
    'sessions',
    'staff_invitations',
    'users',
  ])('nothing stands in %s, where something was written', async (name) => {
    await new Promise((resolve) => setTimeout(resolve, name === 'audit_log' ? 1_500 : 0));
    const dump = await dumpCollection(name);
    expect(dump.length).toBeGreaterThan(2);
    expect(findIn(dump)).toEqual([]);
  });

  it('nothing stands in any other collection', async () => {
    const names = await collections();
    expect(names.length).toBeGreaterThan(20);
    const found = await Promise.all(names.map(async (name) => [name, ...findIn(await dumpCollection(name))]));
    expect(found.filter(([, ...hits]) => hits.length > 0)).toEqual([]);
  });
});
