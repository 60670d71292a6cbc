import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { randomToken } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function logOut(refreshToken: unknown) {
  return app.request.post('/api/v1/auth/logout').send({ refreshToken });
}

async function statusOfMe({ headers }: Login): Promise<number> {
  return (await app.request.get('/api/v1/me').set(headers)).status;
}

describe('POST /auth/logout', () => {
  it('is 204, and every token of the session is dead on the next request', async () => {
    const login = await logInAs();
    const res = await logOut(login.refreshToken);
    expect({ status: res.status, text: res.text }).toEqual({ status: 204, text: '' });
    expect(await statusOfMe(login)).toBe(401);
    const again = await app.request.post('/api/v1/auth/refresh').send({ refreshToken: login.refreshToken });
    expect(again.status).toBe(401);
    expect(await SessionModel.findById(login.sessionId).lean()).toMatchObject({ revokedReason: 'logout' });
  });

  it('leaves the other device of the same person logged in', async () => {
    const phone = await logInAs();
    const laptop = await openLogin(phone.user);
    await logOut(phone.refreshToken);
    expect(await statusOfMe(laptop)).toBe(200);
  });

  it('twice, or with an unknown token, answers the same, and is noted once', async () => {
    const login = await logInAs();
    await logOut(login.refreshToken);
    for (const token of [login.refreshToken, randomToken()]) expect((await logOut(token)).status).toBe(204);
    expect(await AuditModel.find({ event: 'auth.logged_out' }).lean()).toMatchObject([
      { actorId: login.userId, subjectId: login.sessionId },
    ]);
  });

  it('without a token is 400', async () => {
    expect(await logOut(undefined)).toMatchObject({ status: 400, body: { error: { code: 'validation_failed' } } });
  });
});
