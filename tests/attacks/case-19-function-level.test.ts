import '../setup/without-rate-limits.ts';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationsOf, type ApiDocument } from '../../scripts/contract/api-document.ts';
import { OPENAPI_FILE } from '../../scripts/contract/current-document.ts';
import { toOpenApiPath } from '../../scripts/architecture/walk-routes.ts';
import { ROLES, type Role } from '../../src/shared/actor.ts';
import { permissions } from '../../src/shared/permissions.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { inBatches, someOf } from '../support/attack.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { errorOf } from '../support/responses.ts';
import { allRoutes, call, exampleBody, named, plausiblePath, type KnownRoute } from '../support/route-calls.ts';

let app: TestApp;
let logins: Record<Role, Login>;
beforeAll(async () => {
  app = await startTestApp();
  const entries = await Promise.all(ROLES.map(async (role) => [role, await logInAs({ roles: [role] })] as const));
  logins = Object.fromEntries(entries) as Record<Role, Login>;
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

const closed = allRoutes.filter(({ auth }) => auth !== 'public');

function lowerRoles({ auth }: KnownRoute): Role[] {
  if (auth === null || auth === 'public') return [];
  const allowed: readonly Role[] = permissions[auth].roles;
  return ROLES.filter((role) => !allowed.includes(role));
}

/** Spellings meet the same router, whatever the route: all of them on the first, some on each other. */
const guarded = closed.filter((route) => lowerRoles(route).length > 0);

function send(route: KnownRoute, { login, path = plausiblePath(route) }: { login?: Login; path?: string }) {
  const request = call(app, route, { path, ...(login === undefined ? {} : { login }) });
  const body = exampleBody(route);
  return body === undefined ? request : request.send(body);
}

/** A path as it is, which client libraries would put in order first. Everything that comes back. */
async function sendRaw(method: string, path: string, { accessToken }: Login): Promise<string> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  const head = `Host: x\r\nConnection: close\r\nAuthorization: Bearer ${accessToken}\r\nContent-Length: 0\r\n`;
  socket.write(`${method} ${path} HTTP/1.1\r\n${head}\r\n`);
  return text(socket).catch(() => '');
}

describe('case 19: a privileged route', () => {
  it.each(named(closed))(
    '%s is refused to nobody in particular and to each lower role, and nothing is written',
    async (_, route) => {
      const before = await hashDatabase();
      expect((await send(route, {})).status).toBe(401);
      await inBatches(lowerRoles(route), async (role) => {
        const res = await send(route, { login: logins[role] });
        expect([role, res.status, errorOf(res).code]).toEqual([role, 403, 'forbidden']);
      });
      expect(await hashDatabase()).toEqual(before);
    },
  );

  it.each(named(guarded))('%s is not reached around the guard', async (_, route) => {
    const role = lowerRoles(route)[0] ?? 'customer';
    const login = logins[role];
    const before = await hashDatabase();
    const path = plausiblePath(route);
    const headers = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'];
    for (const header of headers) {
      const res = await app.request
        .post(`${path}?_method=${route.method}`)
        .set({ ...login.headers, [header]: route.method.toUpperCase() });
      expect([400, 403, 404], header).toContain(res.status);
    }
    const original = await app.request
      .get('/')
      .set({ ...login.headers, 'X-Original-URL': path, 'X-Rewrite-URL': path });
    expect([302, 404]).toContain(original.status);
    if (route.method === 'get') {
      expect((await call(app, route, { login, method: 'head' })).status).toBe(403);
    }
    await Promise.all(
      someOf(spellingsOf(path), guarded.indexOf(route)).map(async (spelling) => {
        const answer = await sendRaw(route.method.toUpperCase(), spelling, login);
        expect([400, 403, 404], `${spelling}: ${answer.slice(0, 80)}`).toContain(Number(answer.split(' ')[1]));
      }),
    );
    expect(await hashDatabase()).toEqual(before);
  });
});

function spellingsOf(path: string): string[] {
  return [
    `${path}/`,
    path.toUpperCase(),
    path.replace('/v1/', '/V1/'),
    path.replace('/v1/', '/v1//'),
    `/${path}`,
    path.replace('/v1/', '/v1/%2e%2e/v1/'),
    path.replace('/v1/', '/v1/../v1/'),
    path.replace('/v1/', '/v1/./'),
    path.replace('/v1/', '/v1%2f'),
    path.replace(/.$/, (last) => `%${last.charCodeAt(0).toString(16)}`),
    `${path};x=1`,
    `${path}%20`,
    `${path}%00`,
    `${path}.json`,
    `${path}?`,
    path.replace('/api/v1/', '/api/v2/'),
    path.replace('/api/v1/', '/api/v0/'),
  ];
}

describe('case 19: the router', () => {
  const onePerPath = [...new Map(allRoutes.map((route) => [route.path, route])).values()];

  it('serves what the API document says, and the document says all that is served', async () => {
    const document = JSON.parse(await readFile(OPENAPI_FILE, 'utf8')) as ApiDocument;
    const written = operationsOf(document).map(({ method, path }) => `${method} ${path}`);
    const served = allRoutes.map(({ method, path }) => `${method} ${toOpenApiPath(path)}`);
    expect(written.toSorted()).toEqual(served.toSorted());
  });

  it.each(named(onePerPath))('answers to no other method under the path of %s', async (_, route) => {
    const others = (['put', 'patch', 'delete', 'post', 'get'] as const).filter(
      (method) => !allRoutes.some((one) => one.method === method && matches(one.path, route.path)),
    );
    await inBatches(others, async (method) => {
      const res = await call(app, route, { login: logins.admin, method });
      expect([method, res.status]).toEqual([method, 404]);
    });
  });
});

/** `/orders/:orderId` serves the path of `/orders/current`, too. */
function matches(pattern: string, path: string): boolean {
  const [own, other] = [pattern.split('/'), path.split('/')];
  return (
    own.length === other.length &&
    own.every((part, index) => part.startsWith(':') || part === other[index] || other[index]?.startsWith(':') === true)
  );
}
