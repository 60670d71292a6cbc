import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import '../setup/with-local-cloud.ts';
import { AppError } from '../../src/errors/index.ts';
import { setTokenVerifier } from '../../src/http/index.ts';
import { logger } from '../../src/infra/observability/index.ts';
import { verifyAccessToken } from '../../src/modules/auth/index.ts';
import { SessionModel } from '../../src/modules/auth/sessions/session.model.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { cutSockets, publish } from '../../src/realtime/index.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { logInAs, openLogin, type Login } from '../support/log-in.ts';
import { metricOf, startApi, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { admitted, closeOf, endOf, openSocket, outcomeOf, resume } from '../support/sockets.ts';

const SOME_ORDER = { orderId: '65f0c0ffee0000000000abcd', afterSeq: 0 };

/** One API in this process, one elsewhere. */
let app: TestApp;
let elsewhere: ApiProcess;

beforeAll(async () => {
  app = await startTestApp();
  elsewhere = await startApi();
});
beforeEach(resetRateLimits);
afterAll(() => app.stop());

/** A socket of this log-in on either API. */
async function socketsOf(login: Login): Promise<Socket[]> {
  return Promise.all([admitted(`${app.url}/customer`, login), admitted(`${elsewhere.base}/customer`, login)]);
}

/** Does it, and expects every socket to end long before it is looked at again, which is each minute. */
async function expectCut(sockets: readonly Socket[], act: () => unknown): Promise<void> {
  const ends = sockets.map(endOf);
  await act();
  expect(await Promise.all(ends)).toEqual(sockets.map(() => 'io server disconnect'));
}

function sendRefreshToken(route: 'logout' | 'refresh', { refreshToken }: { refreshToken: string }) {
  return app.request.post(`/api/v1/auth/${route}`).send({ refreshToken });
}

describe('the open sockets of a session', () => {
  it('are cut on every API by its log-out, and those of the other device stay', async () => {
    const phone = await logInAs();
    const laptop = await openLogin(phone.user);
    const others = await socketsOf(laptop);
    const open = await socketsOf(phone);
    await expectCut(open, () => sendRefreshToken('logout', phone));
    expect(others.map(({ connected }) => connected)).toEqual([true, true]);
  });

  it('are cut when a spent refresh token is sent again', async () => {
    const login = await logInAs();
    const open = await socketsOf(login);
    const { body: child } = (await sendRefreshToken('refresh', login)) as { body: { refreshToken: string } };
    expect((await sendRefreshToken('refresh', child)).status).toBe(200);
    expect(open.map(({ connected }) => connected)).toEqual([true, true]);
    await expectCut(open, async () => {
      expect((await sendRefreshToken('refresh', login)).status).toBe(401);
    });
  });

  it('are cut with all of the account', async () => {
    const phone = await logInAs();
    const laptop = await openLogin(phone.user);
    const stranger = await socketsOf(await logInAs());
    await expectCut([...(await socketsOf(phone)), ...(await socketsOf(laptop))], () => {
      cutSockets(`user:${phone.userId}`);
    });
    expect(stranger.map(({ connected }) => connected)).toEqual([true, true]);
  });

  it.each([
    ['revoked', 401, ({ sessionId }: Login) => revokeSilently(sessionId)],
    ['suspended', 401, ({ userId }: Login) => changeUser(userId, { status: 'suspended' })],
    ['no customer any more', 403, ({ userId }: Login) => changeUser(userId, { roles: ['courier'] })],
  ])('that no cut has reached are refused and ended at the next command: %s', async (_what, status, change) => {
    const login = await logInAs();
    const socket = await admitted(`${elsewhere.base}/customer`, login);
    // By its answer the look at the session that follows the opening is over, too.
    expect((await resume(socket, SOME_ORDER)).error?.status).toBe(404);
    await change(login);
    const ended = endOf(socket);
    expect((await resume(socket, SOME_ORDER)).error?.status).toBe(status);
    expect(await ended).toBe('io server disconnect');
  });

  it('are ended when it was revoked between their admission and their opening', async () => {
    const login = await logInAs();
    let asked = 0;
    setTokenVerifier((token) => {
      asked += 1;
      return asked === 1 ? verifyAccessToken(token) : Promise.reject(new AppError('token_invalid'));
    });
    try {
      expect(await endOf(openSocket(`${app.url}/customer`, { auth: { token: login.accessToken } }))).toBe(
        'io server disconnect',
      );
    } finally {
      setTokenVerifier(verifyAccessToken);
    }
  });

  it('are counted while they are open, refused ones never', async () => {
    const sample = 'quickbite_ws_connections{namespace="/customer"}';
    await eventually(async () => {
      expect(await metricOf(elsewhere, sample)).toBe(0);
    });
    const login = await logInAs();
    const first = await admitted(`${elsewhere.base}/customer`, login);
    await admitted(`${elsewhere.base}/customer`, login);
    await outcomeOf(openSocket(`${elsewhere.base}/customer`, { auth: { token: 'nonsense' } }));
    expect(await metricOf(elsewhere, sample)).toBe(2);
    first.disconnect();
    await sendRefreshToken('logout', login);
    await eventually(async () => {
      expect(await metricOf(elsewhere, sample)).toBe(0);
    });
  });
});

function revokeSilently(sessionId: string): Promise<unknown> {
  return SessionModel.collection.updateOne({ _id: sessionId as never }, { $set: { revokedAt: new Date() } });
}

function changeUser(userId: string, changes: object): Promise<unknown> {
  return UserModel.collection.updateOne({ _id: userId as never }, { $set: changes });
}

it('a handshake with rubbish for a token writes a line, and no stack', async () => {
  const warn = vi.spyOn(logger, 'warn');
  await outcomeOf(openSocket(`${app.url}/customer`, { auth: { token: 'nonsense' } }));
  expect(warn.mock.calls.map(([fields]) => fields)).toEqual([{ where: 'socket handshake', code: 'token_invalid' }]);
});

describe('what Socket.IO would recover of a connection', () => {
  interface Recovery {
    pid: string;
    offset: string;
  }

  /** A victim whose connection broke after one message, and what its client knows for recovering it. */
  async function brokenOff(): Promise<{ victim: Login; recovery: Recovery }> {
    const victim = await logInAs();
    const socket = await admitted(`${app.url}/customer`, victim);
    const heard = new Promise<string[]>((resolve) => {
      socket.once('event', (...args: string[]) => {
        resolve(args);
      });
    });
    tell(victim, 'the first');
    const args = await heard;
    const { _pid: pid = 'none' } = socket as unknown as { _pid?: string };
    const closed = closeOf(socket);
    socket.io.engine.close();
    await closed;
    tell(victim, 'a secret');
    return { victim, recovery: { pid, offset: args[1] ?? '0-1' } };
  }

  function tell({ userId }: Login, text: string): void {
    publish({ namespace: '/customer', room: `customer:${userId}`, event: 'event', message: { text } });
  }

  function packetsOf(socket: Socket): unknown[] {
    const packets: unknown[] = [];
    socket.io.on('packet', (packet) => packets.push(packet));
    return packets;
  }

  it('is nothing without a token', async () => {
    const { recovery } = await brokenOff();
    const attacker = openSocket(`${app.url}/customer`, { auth: recovery });
    const packets = packetsOf(attacker);
    expect(await outcomeOf(attacker)).toMatchObject({ isOpen: false, body: { error: { code: 'unauthenticated' } } });
    expect(JSON.stringify(packets)).not.toContain('secret');
  });

  it('is nothing with the token of somebody else, whose rooms alone it gets', async () => {
    const { victim, recovery } = await brokenOff();
    const attacker = await logInAs();
    const socket = openSocket(`${app.url}/customer`, { auth: { ...recovery, token: attacker.accessToken } });
    const packets = packetsOf(socket);
    expect(await outcomeOf(socket)).toEqual({ isOpen: true });
    tell(victim, 'another secret');
    tell(attacker, 'the last');
    await eventually(() => {
      expect(JSON.stringify(packets)).toContain('the last');
    });
    expect(JSON.stringify(packets)).not.toContain('secret');
  });
});
