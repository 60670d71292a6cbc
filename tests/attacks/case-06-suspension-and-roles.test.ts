import type { Socket } from 'socket.io-client';
import { beforeAll, afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../src/bootstrap.ts';
import { shutdown } from '../../src/infra/lifecycle/index.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { logInAs, openLogin, type Login } from '../support/log-in.ts';
import { startApi, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { admitted, endOf, openSocket, outcomeOf } from '../support/sockets.ts';

const CUT_WITHIN_MS = 2000;

let apis: ApiProcess[];
let admin: Login;
beforeAll(async () => {
  await bootstrap();
  apis = await Promise.all([startApi(), startApi()]);
});
beforeEach(async () => {
  await resetRateLimits();
  admin = await logInAs({ roles: ['admin'] });
});
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

/** On the first API. */
async function change(userId: string, body: object): Promise<number> {
  const { status } = await fetch(`${apis[0]?.base ?? ''}/api/v1/admin/users/${userId}`, {
    method: 'PATCH',
    headers: { ...admin.headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return status;
}

/** On every API. */
function statusesOf({ headers }: Login): Promise<number[]> {
  return Promise.all(apis.map(async ({ base }) => (await fetch(`${base}/api/v1/me`, { headers })).status));
}

async function refresh({ base }: ApiProcess, { refreshToken }: Login): Promise<number> {
  const { status } = await fetch(`${base}/api/v1/auth/refresh`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ refreshToken }),
  });
  return status;
}

function socketsOf(login: Login): Promise<Socket[]> {
  return Promise.all(apis.map(({ base }) => admitted(`${base}/customer`, login)));
}

describe('case 06: after', () => {
  it.each([
    ['a suspension', { status: 'suspended', reason: 'Stolen cards' }],
    ['the loss of a role', { roles: ['customer'] }],
    ['a new role', { roles: ['customer', 'courier', 'support'] }],
  ])('%s every old token is dead on every instance, and the sockets are cut', async (_what, body) => {
    const phone = await logInAs({ roles: ['customer', 'courier'] });
    const laptop = await openLogin(phone.user);
    const bystander = await logInAs();
    const sockets = [...(await socketsOf(phone)), ...(await socketsOf(laptop))];
    const others = await socketsOf(bystander);
    expect(await statusesOf(phone)).toEqual([200, 200]);
    const ends = sockets.map(endOf);
    const startedAt = performance.now();
    expect(await change(phone.userId, body)).toBe(200);
    for (const login of [phone, laptop]) expect(await statusesOf(login)).toEqual([401, 401]);
    expect(await Promise.all(ends)).toEqual(sockets.map(() => 'io server disconnect'));
    expect(performance.now() - startedAt).toBeLessThan(CUT_WITHIN_MS);
    for (const api of apis) expect(await refresh(api, phone)).toBe(401);
    for (const { base } of apis) {
      const socket = openSocket(`${base}/customer`, { auth: { token: laptop.accessToken } });
      expect(await outcomeOf(socket)).toMatchObject({ isOpen: false, body: { error: { code: 'token_invalid' } } });
    }
    expect(others.map(({ connected }) => connected)).toEqual([true, true]);
    expect(await statusesOf(bystander)).toEqual([200, 200]);
  });

  it('the demotion of an admin the next request of his old token is 401, and changes nothing', async () => {
    const fired = await logInAs({ roles: ['admin', 'customer'] });
    const victim = await logInAs();
    expect(await change(fired.userId, { roles: ['customer'] })).toBe(200);
    for (const { base } of apis) {
      const res = await fetch(`${base}/api/v1/admin/users/${victim.userId}`, {
        method: 'PATCH',
        headers: { ...fired.headers, 'Content-Type': 'application/json' },
        body: JSON.stringify({ roles: ['admin'] }),
      });
      expect(res.status).toBe(401);
    }
    expect(await statusesOf(victim)).toEqual([200, 200]);
  });
});
