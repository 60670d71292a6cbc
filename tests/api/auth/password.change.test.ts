import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { UserModel, type UserRow } from '../../../src/modules/users/user.model.ts';
import { PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { mailChangeLink, mailResetLink } from '../../support/links.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

const NEW_PASSWORD = 'seven lazy herons';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function change({ headers }: Pick<Login, 'headers'>, body: object = {}) {
  const both = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
  return app.request
    .post('/api/v1/auth/password/change')
    .set(headers)
    .send({ ...both, ...body });
}

async function statusOfMe(headers: { Authorization: string }): Promise<number> {
  return (await app.request.get('/api/v1/me').set(headers)).status;
}

describe('POST /auth/password/change', () => {
  it('answers tokens of a new session for this device, and ends every other', async () => {
    const here = await logInAs();
    const elsewhere = await openLogin(here.user);
    const res = await change(here);
    expect(res.status).toBe(200);
    const { accessToken, refreshToken } = res.body as { accessToken: string; refreshToken: string };
    expect(await statusOfMe({ Authorization: `Bearer ${accessToken}` })).toBe(200);
    expect((await app.request.post('/api/v1/auth/refresh').send({ refreshToken })).status).toBe(200);
    for (const { headers } of [here, elsewhere]) expect(await statusOfMe(headers)).toBe(401);
    const old = await app.request.post('/api/v1/auth/refresh').send({ refreshToken: elsewhere.refreshToken });
    expect(old.status).toBe(401);
  });

  it('is audited, promises a notice, and warns nobody of a new device', async () => {
    const here = await logInAs();
    await change(here);
    expect(await AuditModel.findOne({ event: 'password.changed' }).lean()).toMatchObject({
      actorId: here.userId,
      subjectId: here.userId,
    });
    expect(await OutboxModel.find().lean()).toMatchObject([
      { event: 'auth.account_changed', payload: { userId: here.userId, change: 'password_changed' } },
    ]);
  });

  it('keeps the device known: the next log-in with its token is no new one', async () => {
    const { headers, user } = await logInAs();
    const { email } = user;
    const deviceToken = String((await change({ headers })).headers['x-device-token']);
    await OutboxModel.deleteMany({});
    const login = { email, password: NEW_PASSWORD };
    expect((await app.request.post('/api/v1/auth/login').set('X-Device-Token', deviceToken).send(login)).status).toBe(
      200,
    );
    expect(await OutboxModel.countDocuments({ event: 'auth.new_device' })).toBe(0);
  });

  it('puts the refresh token into the cookie when asked to', async () => {
    const res = await change(await logInAs(), { refreshTokenIn: 'cookie' });
    expect(res.body).not.toHaveProperty('refreshToken');
    expect(String(res.headers['set-cookie'])).toContain('__Host-quickbite-refresh=');
  });

  it('kills the open links that could undo it', async () => {
    const here = await logInAs();
    const links = [await mailResetLink(here.user), await mailChangeLink(here.user, 'thief@example.com')];
    await change(here);
    const reset = { token: links[0]?.token, password: 'another good one' };
    expect((await app.request.post('/api/v1/auth/password/reset').send(reset)).status).toBe(400);
    const { headers } = await openLogin((await UserModel.findById(here.userId).lean<UserRow>()) ?? here.user);
    const moved = await app.request.post('/api/v1/auth/email/verify').set(headers).send({ token: links[1]?.token });
    expect(moved.status).toBe(400);
  });

  it('with a wrong current password is 422 and changes nothing', async () => {
    const here = await logInAs();
    const res = await change(here, { currentPassword: 'wrong horse' });
    expect(res).toMatchObject({ status: 422, body: { error: { code: 'password_wrong' } } });
    expect(await statusOfMe(here.headers)).toBe(200);
    expect(await UserModel.findById(here.userId).lean()).toMatchObject({ passwordHash: here.user.passwordHash });
  });

  it('of an account without a password is 422 with a code of its own', async () => {
    const res = await change(await logInAs({ passwordHash: null }));
    expect(res).toMatchObject({ status: 422, body: { error: { code: 'password_not_set' } } });
  });

  it.each(['12345678', 'PASSWORD1', 'quickbite', 'QuickBite2026', 'Asha-Rao1'])('to %s is 422', async (newPassword) => {
    const res = await change(await logInAs(), { newPassword });
    expect(res).toMatchObject({ status: 422, body: { error: { code: 'password_too_common' } } });
  });

  it('twice at once with one current password changes it once', async () => {
    const here = await logInAs();
    const answers = await Promise.all([change(here), change(here, { newPassword: 'other lazy herons' })]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(await UserModel.findById(here.userId).lean()).toMatchObject({ sessionVersion: 1 });
  });

  it('is 429 after twenty guesses at the current password', async () => {
    const here = await logInAs();
    const statuses = new Set<number>();
    for (let n = 0; n < 20; n += 1)
      statuses.add((await change(here, { currentPassword: `guess ${String(n)}` })).status);
    expect([...statuses]).toEqual([422]);
    expect((await change(here)).status).toBe(429);
  });

  it('without a token is 401', async () => {
    expect((await app.request.post('/api/v1/auth/password/change').send({})).status).toBe(401);
  });
});
