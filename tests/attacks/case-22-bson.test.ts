import '../setup/without-rate-limits.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../src/shared/actor.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack, inBatches, inTurn, sendJson, targetOf, variantsOf, writeRoutes } from '../support/attack.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { operatorsWith, startProfiler, stopProfiler } from '../support/profiler.ts';
import { errorOf } from '../support/responses.ts';
import { named } from '../support/route-calls.ts';

const CANARY = 'canary7f3k';

/** What the driver, or a reader of extended JSON, would take for a type of its own. */
const DISGUISES: Record<string, unknown>[] = [
  { _bsontype: 'ObjectId', id: CANARY },
  { _bsontype: 'Code', code: 'sleep(1000)', scope: { $where: CANARY } },
  { $oid: CANARY },
  { $code: CANARY, $scope: {} },
  { $date: CANARY },
  { $binary: { base64: CANARY, subType: '00' } },
];

const EVERYWHERE = 'post /cart/items';

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

describe('case 22: a value that plays a type of BSON', () => {
  it.each(named(writeRoutes))('in any place of the body of %s is 400 and does nothing', async (_, route) => {
    const target = await targetOf(route, login);
    // Each in the root and each place with one of them, in turn; on one route each in each place.
    const bodies =
      route.key === EVERYWHERE
        ? DISGUISES.flatMap((one) => variantsOf(target.body, one))
        : [
            ...DISGUISES.map((one, at) => ({ where: `root ${String(at)}`, body: { ...target.body, ...one } })),
            ...inTurn(target.body, DISGUISES),
          ];
    await attack(app, () =>
      inBatches(bodies, async ({ where, body }) => {
        const res = await sendJson(app, route, { ...target, body });
        expect([res.status, errorOf(res).code], `${where}: ${res.text}`).toEqual([400, 'validation_failed']);
        return res;
      }),
    );
  });

  it('never reached mongod', async () => {
    for (const name of ['$oid', '$code', '$date', '$where']) expect(await operatorsWith(CANARY)).not.toContain(name);
    expect(await operatorsWith('ObjectId')).toEqual([]);
    expect(await operatorsWith('Code')).toEqual([]);
  });
});
