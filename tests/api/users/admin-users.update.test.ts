import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { updateUserRoute } from '../../../src/modules/users/admin-users.schema.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
let admin: Login;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  await resetRateLimits();
  admin = await logInAs({ roles: ['admin'] });
});
afterEach(emptyCollections);
afterAll(() => app.stop());

function change(userId: string, body: object, by: Pick<Login, 'headers'> = admin) {
  return app.request.patch(`/api/v1/admin/users/${userId}`).set(by.headers).send(body);
}

const SUSPENSION = { status: 'suspended', reason: 'Stolen cards' };

describe('PATCH /admin/users/{userId}', () => {
  it('suspends: sessions end, nobody logs in, the audit says who, why, before and after', async () => {
    const login = await logInAs();
    const res = await change(login.userId, SUSPENSION);
    expectContract(updateUserRoute, res);
    expect(res.body).toMatchObject({ id: login.userId, status: 'suspended', statusReason: 'Stolen cards' });
    expect((await app.request.get('/api/v1/me').set(login.headers)).status).toBe(401);
    const refresh = await app.request.post('/api/v1/auth/refresh').send({ refreshToken: login.refreshToken });
    expect(refresh.status).toBe(401);
    const logIn = await app.request.post('/api/v1/auth/login').send({ email: login.user.email, password: PASSWORD });
    expect(errorOf(logIn).code).toBe('account_suspended');
    expect(await AuditModel.findOne({ event: 'user.suspended' }).lean()).toMatchObject({
      ...{ actorId: admin.userId, actorRole: 'admin', subjectId: login.userId, reason: 'Stolen cards' },
      ...{ before: { status: 'active' }, after: { status: 'suspended' } },
    });
  });

  it('reinstates: the person logs in anew, and the sessions from before stay ended', async () => {
    const login = await logInAs();
    await change(login.userId, SUSPENSION);
    const res = await change(login.userId, { status: 'active', reason: 'It was not them' });
    expect(res.body).toMatchObject({ status: 'active', statusReason: null });
    expect((await app.request.get('/api/v1/me').set(login.headers)).status).toBe(401);
    const logIn = await app.request.post('/api/v1/auth/login').send({ email: login.user.email, password: PASSWORD });
    expect(logIn.status).toBe(200);
    expect(await AuditModel.findOne({ event: 'user.reinstated' }).lean()).toMatchObject({ reason: 'It was not them' });
  });

  it('gives other roles: sessions end, and the audit has both lists', async () => {
    const login = await logInAs({ roles: ['customer'] });
    const res = await change(login.userId, { roles: ['customer', 'courier'] });
    expectContract(updateUserRoute, res);
    expect((await app.request.get('/api/v1/me').set(login.headers)).status).toBe(401);
    expect(await AuditModel.findOne({ event: 'user.roles_changed' }).lean()).toMatchObject({
      ...{ actorId: admin.userId, subjectId: login.userId },
      ...{ before: { roles: ['customer'] }, after: { roles: ['customer', 'courier'] } },
    });
  });

  it.each([
    ['the status it has', { status: 'active' }],
    ['the roles it has, in another order', { roles: ['courier', 'customer'] }],
  ])('to %s changes nothing and ends nothing', async (_what, body) => {
    const login = await logInAs({ roles: ['customer', 'courier'] });
    const before = await hashDatabase();
    expect((await change(login.userId, body)).status).toBe(200);
    expect(await hashDatabase()).toEqual(before);
  });

  it.each([
    ['nothing', {}],
    ['a suspension without a reason', { status: 'suspended' }],
    ['an empty reason', { status: 'suspended', reason: ' ' }],
    ['status and roles', { ...SUSPENSION, roles: ['customer'] }],
    ['a deletion', { status: 'deleted', reason: 'x' }],
    ['no role', { roles: [] }],
    ['a role twice', { roles: ['customer', 'customer'] }],
    ['an unknown role', { roles: ['root'] }],
    ['an operator', { roles: { $set: ['admin'] } }],
    ['a password', { passwordHash: 'x' }],
  ])('with %s is 400', async (_what, body) => {
    const { _id } = await createUser();
    expect(errorOf(await change(_id, body))).toMatchObject({ status: 400, code: 'validation_failed' });
  });

  it('of nobody is 404, of a deleted account 409', async () => {
    expect((await change('0'.repeat(24), SUSPENSION)).status).toBe(404);
    const { _id } = await createUser({ status: 'deleted' });
    for (const body of [SUSPENSION, { status: 'active' }, { roles: ['admin'] }]) {
      expect(errorOf(await change(_id, body))).toMatchObject({ status: 409, code: 'invalid_transition' });
    }
  });

  it('by twenty at once suspends and is audited once', async () => {
    const { _id } = await createUser();
    const answers = await Promise.all(Array.from({ length: 20 }, () => change(_id, SUSPENSION)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await AuditModel.countDocuments({ event: 'user.suspended' })).toBe(1);
    expect(await UserModel.findById(_id).lean()).toMatchObject({ sessionVersion: 1 });
  });
});

describe('the administration', () => {
  it.each([
    ['suspend', SUSPENSION],
    ['demote', { roles: ['customer'] }],
  ])('is kept by an admin who would %s himself, also with others there', async (_what, body) => {
    await createUser({ roles: ['admin'] });
    expect(errorOf(await change(admin.userId, body))).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await app.request.get('/api/v1/me').set(admin.headers)).status).toBe(200);
  });

  it('is kept with further roles of one’s own', async () => {
    expect((await change(admin.userId, { roles: ['admin', 'support'] })).status).toBe(200);
  });

  it.each([
    ['suspend', SUSPENSION],
    ['demote', { roles: ['customer'] }],
  ])('stays with one of two admins who %s each other at once', async (_what, body) => {
    for (let round = 0; round < 5; round += 1) {
      await emptyCollections();
      const [one, other] = [await logInAs({ roles: ['admin'] }), await logInAs({ roles: ['admin'] })];
      const answers = await Promise.all([change(other.userId, body, one), change(one.userId, body, other)]);
      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused).toHaveLength(1);
      // Whose request came after the other's commit is no admin any more.
      expect(['last_admin', 'token_invalid']).toContain(errorOf(refused[0] ?? answers[0]).code);
      expect(await UserModel.countDocuments({ roles: 'admin', status: 'active' })).toBe(1);
    }
  });

  it('stays with one of ten admins who suspend each other in a ring at once', async () => {
    const admins = await Promise.all(Array.from({ length: 10 }, () => logInAs({ roles: ['admin'] })));
    await UserModel.deleteOne({ _id: admin.userId });
    await Promise.all(admins.map((one, n) => change(admins[(n + 1) % 10]?.userId ?? '', SUSPENSION, one)));
    expect(await UserModel.countDocuments({ roles: 'admin', status: 'active' })).toBeGreaterThanOrEqual(1);
  });
});
