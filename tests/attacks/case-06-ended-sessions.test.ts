import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import supertest from 'supertest';
import { PASSWORD } from '../factories/user.ts';
import { emptyAllCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { logInAs, openLogin, type Login } from '../support/log-in.ts';
import { startApi, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { admitted, endOf } from '../support/sockets.ts';

const CUT_WITHIN_MS = 2000;

/** The session is ended on one API; tokens and sockets are looked at on both. */
let app: TestApp;
let elsewhere: ApiProcess;
beforeAll(async () => {
  app = await startTestApp();
  elsewhere = await startApi();
});
beforeEach(resetRateLimits);
afterEach(emptyAllCollections);
afterAll(() => app.stop());

const bases = () => [app.url, elsewhere.base];

function socketsOf(login: Login): Promise<Socket[]> {
  return Promise.all(bases().map((base) => admitted(`${base}/customer`, login)));
}

function statusesOf({ headers }: Login): Promise<number[]> {
  return Promise.all(bases().map(async (base) => (await supertest(base).get('/api/v1/me').set(headers)).status));
}

interface Ending {
  /** Ends the session of `victim`; `other` is another session of the same person. */
  act: (victim: Login, other: Login) => PromiseLike<{ status: number }>;
  endsOthers: boolean;
}

const post = (path: string, { headers }: Pick<Login, 'headers'>, body: object = {}) =>
  app.request.post(`/api/v1/auth/${path}`).set(headers).send(body);

const ENDINGS: Record<string, Ending> = {
  'a log-out': {
    act: ({ refreshToken }) => app.request.post('/api/v1/auth/logout').send({ refreshToken }),
    endsOthers: false,
  },
  'the end of the session from another device': {
    act: ({ sessionId }, { headers }) => app.request.delete(`/api/v1/auth/sessions/${sessionId}`).set(headers),
    endsOthers: false,
  },
  'a log-out everywhere, from itself': { act: (victim) => post('logout-all', victim), endsOthers: true },
  'a log-out everywhere, from another device': { act: (_victim, other) => post('logout-all', other), endsOthers: true },
  'a change of the password': {
    act: (_victim, other) =>
      post('password/change', other, { currentPassword: PASSWORD, newPassword: 'seven lazy herons' }),
    endsOthers: true,
  },
};

describe('case 06: after', () => {
  it.each(Object.entries(ENDINGS))(
    '%s tokens are refused at once and sockets cut in time, on every API',
    async (_what, { act, endsOthers }) => {
      const victim = await logInAs();
      const other = await openLogin(victim.user);
      const stranger = await logInAs();
      const sockets = await socketsOf(victim);
      const kept = [...(endsOthers ? [] : await socketsOf(other)), ...(await socketsOf(stranger))];
      const cut = Promise.all([...sockets, ...(endsOthers ? await socketsOf(other) : [])].map(endOf));
      const startedAt = performance.now();
      expect((await act(victim, other)).status).toBeLessThan(300);
      expect(await statusesOf(victim)).toEqual([401, 401]);
      expect(new Set(await cut)).toEqual(new Set(['io server disconnect']));
      expect(performance.now() - startedAt).toBeLessThan(CUT_WITHIN_MS);

      const { refreshToken } = victim;
      for (const base of bases()) {
        expect((await supertest(base).post('/api/v1/auth/refresh').send({ refreshToken })).status).toBe(401);
      }
      expect(await statusesOf(other)).toEqual(endsOthers ? [401, 401] : [200, 200]);
      expect(await statusesOf(stranger)).toEqual([200, 200]);
      expect(kept.every(({ connected }) => connected)).toBe(true);
    },
  );
});
