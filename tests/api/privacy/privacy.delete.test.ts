import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { createCourier } from '../../factories/courier.ts';
import { createAssignedDelivery } from '../../factories/delivery.ts';
import { createOrderIn } from '../../factories/order.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
  await resetRateLimits();
});
afterAll(() => app.stop());

const CONFIRMED = { password: PASSWORD, confirm: 'delete my account' };

function deleteMe({ headers }: Login, body: object = CONFIRMED) {
  return app.request.delete('/api/v1/me').set(headers).send(body);
}

describe('DELETE /me', () => {
  it('is 204; nobody is left behind the row, every session is over, and it is audited', async () => {
    const login = await logInAs({ phone: '+915550100123' });
    const elsewhere = await openLogin(login.user);
    await deleteMe(login).expect(204);
    const { userId } = login;
    expect(await UserModel.findById(userId).lean()).toMatchObject({
      email: `deleted-${userId}@deleted.invalid`,
      name: 'Deleted account',
      phone: null,
      passwordHash: null,
      status: 'deleted',
      addresses: [],
    });
    for (const { headers } of [login, elsewhere]) await app.request.get('/api/v1/me').set(headers).expect(401);
    expect(await SessionModel.countDocuments()).toBe(0);
    expect(await AuditModel.findOne({ event: 'account.deleted' }).lean()).toMatchObject({ actorId: userId });
    expect(await OutboxModel.findOne({ event: 'account.deleted' }).lean()).toMatchObject({ payload: { userId } });
  });

  it('frees the e-mail for a stranger, who sees nothing of before', async () => {
    const login = await logInAs();
    await createOrderIn('delivered', { customerId: login.userId });
    await deleteMe(login).expect(204);
    const { email } = login.user;
    await app.request.post('/api/v1/auth/login').send({ email, password: PASSWORD }).expect(401);
    const signUp = await app.request
      .post('/api/v1/auth/signup')
      .send({ email, password: 'saffron lantern 42', name: 'New' });
    expect(signUp.status).toBe(201);
    const { accessToken } = signUp.body as { accessToken: string };
    const orders = await app.request.get('/api/v1/orders').set({ Authorization: `Bearer ${accessToken}` });
    expect(orders.body).toMatchObject({ data: [] });
  });

  it.each([
    ['a wrong password', { ...CONFIRMED, password: 'not the password' }],
    ['no password', { confirm: CONFIRMED.confirm }],
  ])('with %s is 422 password_wrong and deletes nothing', async (_what, body) => {
    const login = await logInAs();
    const res = await deleteMe(login, body);
    expect(res).toMatchObject({ status: 422, body: { error: { code: 'password_wrong' } } });
    expect(await UserModel.findById(login.userId).lean()).toEqual(login.user);
  });

  it.each([
    ['another confirmation', { ...CONFIRMED, confirm: 'yes' }],
    ['none', { password: PASSWORD }],
    ['nothing', {}],
  ])('with %s is 400', async (_what, body) => {
    expect(await deleteMe(await logInAs(), body)).toMatchObject({ status: 400 });
  });

  it('without a password in the account needs a log-in of the last ten minutes', async () => {
    const login = await logInAs({ passwordHash: null });
    setClock({ offsetMs: 10 * 60_000 + 1_000 });
    const body = { confirm: CONFIRMED.confirm };
    expect(await deleteMe(login, body)).toMatchObject({ status: 422, body: { error: { code: 'log_in_again' } } });
    await deleteMe(await openLogin(login.user), body).expect(204);
  });

  it('twice at once is one deletion', async () => {
    const login = await logInAs();
    const results = await Promise.all([deleteMe(login), deleteMe(login)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual([204, 401]);
    expect(await AuditModel.countDocuments({ event: 'account.deleted' })).toBe(1);
  });
});

describe('DELETE /me of somebody who is still needed', () => {
  async function expectInUse(login: Login, reasons: string[]): Promise<void> {
    const before = await hashDatabase();
    const res = await deleteMe(login);
    expect(res).toMatchObject({ status: 409, body: { error: { code: 'account_in_use', details: { reasons } } } });
    expect(await hashDatabase()).toEqual(before);
  }

  it.each(['pending_payment', 'placed', 'accepted', 'picked_up'] as const)(
    'is 409 while an order is %s',
    async (status) => {
      const login = await logInAs();
      await createOrderIn(status, { customerId: login.userId });
      await expectInUse(login, ['order_under_way']);
    },
  );

  it('is 409 while a courier carries a delivery, and 204 with empty hands, offline and without a place', async () => {
    const [busy, idle] = [await logInAs({ roles: ['courier'] }), await logInAs({ roles: ['courier'] })];
    await createAssignedDelivery({}, { _id: busy.userId });
    await expectInUse(busy, ['delivery_in_hand']);
    await createCourier({ _id: idle.userId });
    await deleteMe(idle).expect(204);
  });

  it('is 409 for the owner of a restaurant, and 204 once it is archived', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    await createRestaurant({ ownerId: owner.userId, status: 'suspended' });
    await expectInUse(owner, ['restaurant_owned']);
    const former = await logInAs({ roles: ['restaurant'] });
    await createRestaurant({ ownerId: former.userId, status: 'archived' });
    await deleteMe(former).expect(204);
  });

  it('is 409 for the last admin; of two at once one stays', async () => {
    const one = await logInAs({ roles: ['admin'] });
    await expectInUse(one, ['last_admin']);
    const other = await logInAs({ roles: ['admin'] });
    const results = await Promise.all([deleteMe(one), deleteMe(other)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual([204, 409]);
    expect(await UserModel.countDocuments({ roles: 'admin', status: 'active' })).toBe(1);
  });

  it('names every reason at once', async () => {
    const login = await logInAs({ roles: ['customer', 'restaurant'] });
    await createOrderIn('placed', { customerId: login.userId });
    await createRestaurant({ ownerId: login.userId });
    await expectInUse(login, ['order_under_way', 'restaurant_owned']);
  });
});
