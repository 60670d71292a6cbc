import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

const ASHA = { email: 'asha@example.com', password: 'correct horse battery', name: 'Asha Rao' };

function signUp(body: object) {
  return app.request.post('/api/v1/auth/signup').send(body);
}

describe('POST /auth/signup', () => {
  it('answers 201 with the log-in body, whose token works at once', async () => {
    const res = await signUp(ASHA);
    expect(res.status).toBe(201);
    expect(res.body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as unknown,
      refreshToken: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      user: { id: expect.stringMatching(/^[0-9a-f]{24}$/) as unknown, email: ASHA.email, name: ASHA.name },
    });
    expect(res.headers).toMatchObject({ location: '/api/v1/me', 'cache-control': 'no-store' });
    const { accessToken } = res.body as { accessToken: string };
    const me = await app.request.get('/api/v1/me').set('Authorization', `Bearer ${accessToken}`);
    expect(me.body).toMatchObject({ email: ASHA.email, roles: ['customer'], phone: null });
  });

  it('stores the normalised e-mail, a hash, one session, and promises the welcome', async () => {
    const res = await signUp({ ...ASHA, email: '  Asha@Example.COM ', phone: '+915550100123' });
    const { user } = res.body as { user: { id: string } };
    const row = await UserModel.findById(user.id).lean();
    expect(row).toMatchObject({ email: 'asha@example.com', phone: '+915550100123', roles: ['customer'] });
    expect(row?.passwordHash).toMatch(/^\$2b\$04\$.{53}$/);
    expect(await SessionModel.countDocuments({ userId: user.id, revokedAt: null })).toBe(1);
    const welcome = await OutboxModel.find({ event: 'user.signed_up' }, { _id: 0, payload: 1 }).lean();
    expect(welcome).toEqual([{ payload: { userId: user.id } }]);
  });

  it('makes no notice of a new device, and the device is known from then on', async () => {
    const { headers } = await signUp(ASHA);
    const { email, password } = ASHA;
    const deviceToken = String(headers['x-device-token']);
    await app.request.post('/api/v1/auth/login').set('X-Device-Token', deviceToken).send({ email, password });
    expect(await SessionModel.countDocuments()).toBe(2);
    expect(await SessionModel.distinct('deviceId')).toHaveLength(1);
    expect(await OutboxModel.countDocuments({ event: 'auth.new_device' })).toBe(0);
  });

  it('of a taken e-mail, in whatever case, is 409 and leaves nothing behind', async () => {
    await createUser({ email: ASHA.email });
    const res = await signUp({ ...ASHA, email: 'ASHA@example.com' });
    expect(res.status).toBe(409);
    expect(res.body).toMatchObject({ error: { code: 'email_taken' } });
    expect(JSON.stringify(res.body)).not.toContain(ASHA.email);
    expect(await UserModel.countDocuments()).toBe(1);
    expect(await SessionModel.countDocuments()).toBe(0);
    expect(await OutboxModel.countDocuments()).toBe(0);
  });

  it.each([
    ['without a name', { name: undefined }, 'name'],
    ['with a password of 7 characters', { password: 'seven77' }, 'password'],
    ['with a password of 73 bytes', { password: 'x'.repeat(73) }, 'password'],
    ['with an e-mail of two lines', { email: 'asha@example.com\r\nBcc: eve@example.com' }, 'email'],
    ['with an operator for an e-mail', { email: { $gt: '' } }, 'email'],
    ['that asks for a role', { roles: ['admin'] }, 'roles'],
    ['that brings its own id', { _id: '0'.repeat(24) }, '_id'],
  ])('%s is 400 and names the field', async (_what, change, path) => {
    const res = await signUp({ ...ASHA, ...change });
    expect(res.status).toBe(400);
    expect(res.body).toMatchObject({ error: { code: 'validation_failed', details: [{ path }] } });
    expect(await UserModel.countDocuments()).toBe(0);
  });

  it('is 429 after twenty in an hour from one address, whatever the address claims to be', async () => {
    const statuses: number[] = [];
    for (let n = 1; n <= 21; n += 1) {
      const res = await signUp({}).set('X-Forwarded-For', `203.0.113.${n}`);
      statuses.push(res.status);
    }
    expect(statuses.slice(0, 20).every((status) => status === 400)).toBe(true);
    expect(statuses[20]).toBe(429);
  });

  it('is reached under /api as well', async () => {
    const res = await app.request.post('/api/auth/signup').send(ASHA);
    expect(res.status).toBe(201);
  });
});
