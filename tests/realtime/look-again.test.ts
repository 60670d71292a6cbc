import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import '../setup/with-local-cloud.ts';
import { AppError } from '../../src/errors/index.ts';
import { setTokenVerifier } from '../../src/http/index.ts';
import { verifyAccessToken } from '../../src/modules/auth/index.ts';
import { SessionModel } from '../../src/modules/auth/sessions/session.model.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { admitted, endOf } from '../support/sockets.ts';

const EVERY_MS = 50;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ lookAgainMs: EVERY_MS });
});
afterEach(() => {
  setTokenVerifier(verifyAccessToken);
});
afterAll(() => app.stop());

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const set = (login: Login, changes: object) =>
  UserModel.collection.updateOne({ _id: login.userId as never }, { $set: changes });

it.each([
  [
    'revoked',
    ({ sessionId }: Login) =>
      SessionModel.collection.updateOne({ _id: sessionId as never }, { $set: { revokedAt: new Date() } }),
  ],
  ['of a suspended account', (login: Login) => set(login, { status: 'suspended' })],
  ['without its role', (login: Login) => set(login, { roles: ['courier'] })],
])('a silent socket that a cut has missed is ended soon: its session is %s', async (_what, change) => {
  const [login, other] = [await logInAs(), await logInAs()];
  const [socket, stays] = [await admitted(`${app.url}/customer`, login), await admitted(`${app.url}/customer`, other)];
  await wait(3 * EVERY_MS);
  expect([socket.connected, stays.connected]).toEqual([true, true]);
  const ended = endOf(socket);
  await change(login);
  expect(await ended).toBe('io server disconnect');
  expect(stays.connected).toBe(true);
});

it('a database that is away ends no socket, and the look after it does', async () => {
  const login = await logInAs();
  const socket = await admitted(`${app.url}/customer`, login);
  await wait(2 * EVERY_MS);
  let asked = 0;
  setTokenVerifier(() => {
    asked += 1;
    return Promise.reject(new AppError('service_unavailable'));
  });
  await eventually(() => {
    expect(asked).toBeGreaterThan(2);
  });
  expect(socket.connected).toBe(true);
  const ended = endOf(socket);
  setTokenVerifier(() => Promise.reject(new AppError('token_invalid')));
  expect(await ended).toBe('io server disconnect');
});

it('nobody looks at a socket that is gone', async () => {
  const socket = await admitted(`${app.url}/customer`, await logInAs());
  socket.disconnect();
  await wait(2 * EVERY_MS);
  let asked = 0;
  setTokenVerifier((token) => {
    asked += 1;
    return verifyAccessToken(token);
  });
  await wait(4 * EVERY_MS);
  expect(asked).toBe(0);
});
