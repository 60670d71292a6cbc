import '../setup/without-rate-limits.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../src/shared/actor.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { inBatches, someOf } from '../support/attack.ts';
import { recordCommands } from '../support/command-log.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { errorOf } from '../support/responses.ts';
import { allRoutes, call, named, plausiblePath } from '../support/route-calls.ts';

let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
  login = await logInAs({ roles: [...ROLES] });
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

const CANARY = 'canaryq7x';
const reads = allRoutes.filter(({ method, contract }) => method === 'get' && contract.request.query !== undefined);

/** Asking in a roundabout way for what is never shown. */
const ORACLES = [
  ...['fields=passwordHash', 'fields=name:$passwordHash', 'select=%2BpasswordHash', 'projection=passwordHash'],
  ...['sort=passwordHash', 'sort=-passwordHash', 'sort[passwordHash]=1', 'orderBy=refreshTokenHash', 'order=asc'],
  ...['passwordHash=a', 'passwordHash[$regex]=^a', 'filter[passwordHash]=a', 'where=%7B%22passwordHash%22:%22a%22%7D'],
  ...[
    'filter=%7B%22$or%22:[%7B%22deliveryPin%22:%221%22%7D]%7D',
    '$or[0][passwordHash]=a',
    '$and=x',
    '$where=sleep(9)',
  ],
  ...['populate=user', 'include=payments', 'expand=owner', 'lookup=users', 'aggregate=[]', 'distinct=passwordHash'],
  ...[
    'group=status',
    'count=passwordHash',
    'search[passwordHash]=a',
    'near=0,0',
    '__proto__=x',
    'constructor=x',
    'skip=10',
  ],
  ...['page=1000000', 'offset=5', 'deliveryPin=1234', 'clientSecret=a'],
].map((query) => (query.endsWith('=a') ? `${query.slice(0, -1)}${CANARY}` : query));

describe('case 18: a list', () => {
  it.each(named(reads))('%s knows no question but its own', async (_, route) => {
    const commands = recordCommands();
    const own = Object.keys((route.contract.request.query as { shape?: object }).shape ?? {});
    const strange = ORACLES.filter((one) => !own.includes(one.split('=')[0] ?? ''));
    const answers = await Promise.all(
      // As text: a client library would drop some of them.
      someOf(strange, reads.indexOf(route)).map((query) =>
        call(app, route, { login, path: `${plausiblePath(route)}?${query}` }),
      ),
    );
    // The return of a provider is refused as a whole.
    const refusals = new Set(answers.map((res) => `${res.status} ${errorOf(res).code ?? ''}`));
    expect(['400 validation_failed', '400 oauth_failed']).toEqual(expect.arrayContaining([...refusals]));
    commands.stop();
    expect(commands.text()).not.toContain(CANARY);
  });

  it.each(named(reads))('%s takes each of its own questions once, as text, and within bounds', async (_, route) => {
    for (const key of Object.keys((route.contract.request.query as { shape?: object }).shape ?? {})) {
      const shapes = [
        `${key}[$ne]=x`,
        `${key}[]=x`,
        `${key}[$regex]=.*`,
        `${key}.$ne=x`,
        `${key}=${'a'.repeat(6_000)}`,
      ];
      await inBatches(shapes, async (query) => {
        const res = await call(app, route, { login, path: `${plausiblePath(route)}?${query}` });
        expect(res.status, query.slice(0, 100)).toBe(400);
      });
    }
  });

  it.each(named(allRoutes.filter(({ method, contract }) => method === 'get' && contract.request.query === undefined)))(
    '%s, which asks nothing, takes no question',
    async (_, route) => {
      const asked = await call(app, route, { login, path: `${plausiblePath(route)}?fields=passwordHash&$where=x` });
      expect(asked.status).toBe(400);
      expect(asked.text).not.toContain('passwordHash"');
    },
  );
});
