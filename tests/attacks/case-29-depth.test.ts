import '../setup/without-rate-limits.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../src/shared/actor.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack, writeRoutes } from '../support/attack.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { startApi, type ApiProcess } from '../support/processes.ts';
import { sendBytes } from '../support/raw-bodies.ts';
import { errorOf } from '../support/responses.ts';
import { call, named } from '../support/route-calls.ts';

/** 96 kB: within the limit of bytes, and beyond what recursion stands. */
const DEPTH = 16_000;
const TEXTS: [string, string][] = [
  ['objects', `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`],
  ['lists', `{"email":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`],
  ['both', `${'{"a":['.repeat(DEPTH / 2)}${']}'.repeat(DEPTH / 2)}`],
];

let app: TestApp;
let api: ApiProcess;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
  api = await startApi({ RATE_LIMITS: 'false' });
  login = await logInAs({ roles: [...ROLES] });
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

describe(`case 29: ${String(DEPTH)} levels of JSON`, () => {
  it.each(TEXTS)('of %s fit into a body, and JSON.stringify fails on them or comes near it', (_, text) => {
    expect(text.length).toBeLessThan(100 * 1024);
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  // The request's store (AsyncLocalStorage) is open in every one of them, in a real process as here.
  it.each(TEXTS)('of %s are 400 in a process of its own, which lives on', async (_, text) => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => sendBytes({ url: api.base }, { chunks: [text] })),
    );
    for (const { status, code, text: body } of answers) {
      expect([status, code]).toEqual([400, 'validation_failed']);
      expect(body).not.toMatch(/RangeError|stack/);
    }
    expect((await fetch(`${api.base}/health/live`)).status).toBe(200);
    expect(await Promise.race([api.exited, Promise.resolve('alive')])).toBe('alive');
  });

  it.each(named(writeRoutes))('are 400 at %s', async (_, route) => {
    const [, text] = TEXTS[0] ?? ['', ''];
    const [res] = await attack(app, async () => [
      await call(app, route, { login }).set('Content-Type', 'application/json').send(text),
    ]);
    expect([res?.status, res && errorOf(res).code]).toEqual([400, 'validation_failed']);
    expect(res && errorOf(res).details).toMatchObject([{ code: 'too_deep' }]);
  });

  it('begin to count at twenty-one', async () => {
    const levels = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const send = async (depth: number) => {
      const res = await app.request
        .post('/api/v1/auth/login')
        .set('Content-Type', 'application/json')
        .send(levels(depth));
      return (errorOf(res).details as { code: string }[]).map(({ code }) => code);
    };
    expect(await send(20)).toContain('unknown_key');
    expect(await send(21)).toEqual(['too_deep']);
  });
});
