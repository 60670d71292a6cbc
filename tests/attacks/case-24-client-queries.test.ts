import '../setup/without-rate-limits.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../src/shared/actor.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack, sendJson, targetOf, writeRoutes } from '../support/attack.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { startProfiler, stopProfiler, textOfOperations } from '../support/profiler.ts';
import { errorOf } from '../support/responses.ts';
import { allRoutes, call, named } from '../support/route-calls.ts';

/** The name of a collection, a field and a script that only an attacker has. */
const CANARY = 'canary7f3k';

/** What makes a query of its own in Mongoose, MongoDB and the frameworks around them. */
const PARTS: Record<string, unknown> = {
  populate: { path: 'customerId', match: { $where: CANARY } },
  match: { $where: CANARY },
  $match: { a: CANARY },
  lookup: { from: CANARY, as: 'x' },
  $lookup: { from: CANARY, as: 'x' },
  $where: CANARY,
  where: CANARY,
  filter: { $where: CANARY },
  pipeline: [{ $lookup: { from: CANARY } }],
  aggregate: [{ $out: CANARY }],
  projection: { passwordHash: 1, [CANARY]: 1 },
  select: `+passwordHash ${CANARY}`,
  include: CANARY,
  $expr: { $function: { body: CANARY, args: [], lang: 'js' } },
  collation: { locale: CANARY },
  hint: CANARY,
};

let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
  login = await logInAs({ roles: [...ROLES] });
  await startProfiler();
});
afterAll(async () => {
  await stopProfiler();
  await emptyCollections();
  await app.stop();
});

describe('case 24: a part of a query, chosen by the client', () => {
  it.each(named(writeRoutes))('in the body of %s is 400', async (_, route) => {
    const target = await targetOf(route, login);
    await attack(app, async () => {
      const answers = [];
      for (const [key, value] of Object.entries(PARTS)) {
        // `include` and the like may be a word of the route's own.
        if (key in target.body) continue;
        const res = await sendJson(app, route, { ...target, body: { ...target.body, [key]: value } });
        expect([res.status, errorOf(res).code], `${key}: ${res.text}`).toEqual([400, 'validation_failed']);
        answers.push(res);
      }
      return answers;
    });
  });

  const reads = allRoutes.filter(({ method }) => method === 'get');

  it.each(named(reads.filter(({ contract }) => contract.request.query !== undefined)))(
    'in the query of %s is 400',
    async (_, route) => {
      const target = await targetOf(route, login);
      const own = Object.keys((route.contract.request.query as unknown as { shape?: object }).shape ?? {});
      await attack(app, async () => {
        const answers = [];
        for (const [key, value] of Object.entries(PARTS).filter(([name]) => !own.includes(name))) {
          const text = typeof value === 'string' ? value : JSON.stringify(value);
          const res = await call(app, route, target).query({ [key]: text });
          expect(res.status, `${key}: ${res.text}`).toBe(400);
          answers.push(res);
        }
        return answers;
      });
    },
  );

  it.each(named(reads.filter(({ contract }) => contract.request.query === undefined)))(
    'in the query of %s, which reads none, changes nothing',
    async (_, route) => {
      const target = await targetOf(route, login);
      const query = Object.fromEntries(
        Object.entries(PARTS).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
      );
      const plain = await call(app, route, target);
      const [spoiled] = await attack(app, async () => [await call(app, route, target).query(query)]);
      expect(spoiled?.text).not.toContain(CANARY);
      expect([plain.status, 400]).toContain(spoiled?.status);
    },
  );

  it('never reached mongod', async () => {
    expect(await textOfOperations()).not.toContain(CANARY);
  });
});
