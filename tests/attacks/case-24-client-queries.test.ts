import '../setup/without-rate-limits.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../src/shared/actor.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack, inBatches, sendJson, targetOf, writeRoutes } from '../support/attack.ts';
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
    // `include` and the like may be a word of the route's own.
    const foreign = Object.entries(PARTS).filter(([key]) => !(key in target.body));
    await attack(app, () =>
      inBatches(foreign, async ([key, value]) => {
        const res = await sendJson(app, route, { ...target, body: { ...target.body, [key]: value } });
        expect([res.status, errorOf(res).code], `${key}: ${res.text}`).toEqual([400, 'validation_failed']);
        return res;
      }),
    );
  });

  const reads = allRoutes.filter(({ method }) => method === 'get');

  it.each(named(reads))('in the query of %s is 400', async (_, route) => {
    const target = await targetOf(route, login);
    const own = Object.keys((route.contract.request.query as { shape?: object } | undefined)?.shape ?? {});
    const foreign = Object.entries(PARTS).filter(([name]) => !own.includes(name));
    await attack(app, () =>
      inBatches(foreign, async ([key, value]) => {
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        const res = await call(app, route, target).query({ [key]: text });
        expect(res.status, `${key}: ${res.text}`).toBe(400);
        return res;
      }),
    );
  });

  it('never reached mongod', async () => {
    expect(await textOfOperations()).not.toContain(CANARY);
  });
});
