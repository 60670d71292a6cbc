import { Piscina } from 'piscina';
import type { Response } from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { drainDetached } from '../../src/infra/lifecycle/detached.ts';
import { redisClients } from '../../src/infra/redis/index.ts';
import { createUser, PASSWORD } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { recordCommands } from '../support/command-log.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  // The pool and every connection open before anything is counted.
  await app.request.post('/api/v1/auth/login').send({ email: 'nobody@example.com', password: PASSWORD });
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

/** Everything an answer can tell, and what it cost us. */
interface Trace {
  status: number;
  headers: Record<string, unknown>;
  body: string;
  hashes: number;
  commands: string[];
  redisCommands: string[];
}

/** The ETag covers the request id in the body. */
const CHANGING = ['date', 'x-request-id', 'etag'];

async function traceOf(ask: () => PromiseLike<Response>): Promise<Trace> {
  // Each begins with the same count, so that the headers of the limits are the same.
  await resetRateLimits();
  const hashes = vi.spyOn(Piscina.prototype, 'run');
  const redis = vi.spyOn(redisClients().cache, 'sendCommand');
  const recording = recordCommands();
  const { status, headers, text } = await ask();
  await drainDetached();
  recording.stop();
  const trace = {
    status,
    headers: Object.fromEntries(
      Object.entries(headers as Record<string, unknown>).filter(([name]) => !CHANGING.includes(name)),
    ),
    body: text.replace(/"requestId":"[^"]+"/, ''),
    hashes: hashes.mock.calls.length,
    commands: recording.text().split('\n').filter(Boolean).flatMap(nameOf).sort(),
    redisCommands: redis.mock.calls
      .map(([command]) => command.name)
      // A limit loads its scripts at its first request; the client pings by itself.
      .filter((name) => !['script', 'ping'].includes(name.toLowerCase()))
      .sort(),
  };
  hashes.mockRestore();
  redis.mockRestore();
  return trace;
}

/** `find users`; nothing for what no request asks for: the driver's heartbeat, and the refusals that are noted in bulk later. */
function nameOf(line: string): string[] {
  const command = JSON.parse(line) as Record<string, unknown>;
  const [name = '', collection] = Object.entries(command)[0] ?? [];
  const isBulk = collection === 'audit_log' && command['autocommit'] !== false;
  return name === 'hello' || isBulk ? [] : [`${name} ${String(collection)}`];
}

function post(route: string, body: object) {
  return () => app.request.post(`/api/v1/auth/${route}`).send(body);
}

describe('case 10: who has an account', () => {
  it.each([
    ['known', {}],
    ['known and without a password', { passwordHash: null }],
    ['known and suspended', { status: 'suspended' as const }],
    ['known, with a second factor', { hasSecondFactor: true }],
  ])(
    'is not told by a log-in with a wrong password: %s and unknown cost and answer the same',
    async (_what, changes) => {
      await createUser({ email: 'known-@example.com', ...changes });
      const known = await traceOf(post('login', { email: 'known-@example.com', password: 'wrong horse' }));
      const unknown = await traceOf(post('login', { email: 'nobody@example.com', password: 'wrong horse' }));
      expect(known).toEqual(unknown);
      expect(known).toMatchObject({ status: 401, hashes: 1 });
      expect(known.commands).toContain('find users');
    },
  );

  it('is not told by a log-in with a password longer than any can be', async () => {
    const { email } = await createUser();
    const password = 'x'.repeat(100);
    const known = await traceOf(post('login', { email, password }));
    expect(known).toEqual(await traceOf(post('login', { email: 'nobody@example.com', password })));
    expect(known.hashes).toBe(1);
  });

  it.each([
    ['known', {}],
    ['known and suspended', { status: 'suspended' as const }],
    ['known and unverified', { emailVerifiedAt: null }],
  ])('is not told by a forgotten password: %s and unknown cost and answer the same', async (_what, changes) => {
    const { email } = await createUser(changes);
    const known = await traceOf(post('password/forgot', { email }));
    const unknown = await traceOf(post('password/forgot', { email: 'nobody@example.com' }));
    expect(known).toEqual(unknown);
    expect(known).toMatchObject({ status: 202, body: '', hashes: 0 });
    expect(known.commands).not.toContain('find users');
  });

  it('is not told by asking for another e-mail', async () => {
    const { email } = await createUser();
    const [one, other] = [await logInAs(), await logInAs()];
    const change = (login: typeof one, to: string) => () =>
      app.request.post('/api/v1/auth/email/change').set(login.headers).send({ email: to, password: PASSWORD });
    const known = await traceOf(change(one, email));
    expect(known).toEqual(await traceOf(change(other, 'nobody@example.com')));
    expect(known.status).toBe(202);
  });

  it('is told by the limits neither: they count unknown e-mails as they count known ones', async () => {
    const { email } = await createUser();
    const statuses: number[][] = [];
    for (const target of [email, 'nobody@example.com']) {
      await resetRateLimits();
      const seen: number[] = [];
      for (let n = 0; n < 12; n += 1) seen.push((await post('login', { email: target, password: 'x' })()).status);
      for (let n = 0; n < 4; n += 1) seen.push((await post('password/forgot', { email: target })()).status);
      statuses.push(seen);
    }
    expect(statuses[0]).toEqual(statuses[1]);
    expect(statuses[0]).toContain(429);
  });
});
