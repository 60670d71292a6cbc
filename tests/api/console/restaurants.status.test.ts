import '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { setRestaurantStatusRoute } from '../../../src/modules/console/onboarding/admin-restaurants.schema.ts';
import { submitRestaurantRoute } from '../../../src/modules/console/onboarding/onboarding.schema.ts';
import { RestaurantModel, type RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { StaffInvitationModel } from '../../../src/modules/staff/staff-invitation.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createCompleteRestaurant } from '../../factories/complete-restaurant.ts';
import { createMenuItem } from '../../factories/menu-item.ts';
import { createOrderIn } from '../../factories/order.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { quoteFor } from '../../support/checkout.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createKitchen, NEAR_HOME } from '../../support/kitchen.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { tokenOf } from '../staff/helpers.ts';
import { auditAbout, DRAFT, storedRestaurant, tag } from './helpers.ts';

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

function command(name: 'submit' | 'withdraw' | 'close' | 'reopen', restaurantId: string, { headers }: Login) {
  return app.request.post(`/api/v1/restaurants/${restaurantId}/${name}`).set(headers);
}

function decide(restaurantId: string, version: number, body: object) {
  return app.request
    .put(`/api/v1/admin/restaurants/${restaurantId}/status`)
    .set({ ...admin.headers, ...tag(version) })
    .send(body);
}

async function owned(status: RestaurantRow['status']) {
  const owner = await logInAs({ roles: ['restaurant'] });
  const { _id } = await createCompleteRestaurant({ ownerId: owner.userId, status });
  return { _id, owner };
}

async function decisions(): Promise<unknown[]> {
  const rows = await OutboxModel.find({ event: 'restaurant.decided' }).sort({ _id: 1 }).lean();
  return rows.map(({ payload }) => payload);
}

describe('a restaurant', () => {
  it('goes from nothing to live by what is asked for', async () => {
    const owner = await logInAs();
    const made = await app.request.post('/api/v1/restaurants').set(owner.headers).send(DRAFT).expect(201);
    const { id } = made.body as { id: string };
    const early = await command('submit', id, owner).expect(422);
    expect(errorOf(early)).toMatchObject({
      code: 'restaurant_incomplete',
      details: [{ path: 'hours' }, { path: 'taxRates' }, { path: 'feeBands' }, { path: 'menu' }],
    });
    expect(await storedRestaurant(id)).toMatchObject({ status: 'draft', version: 0 });
    const { hours, feeBands, taxRates } = await createRestaurant();
    await RestaurantModel.collection.updateOne({ _id: id as never }, { $set: { hours, feeBands, taxRates } });
    const menuless = await command('submit', id, owner).expect(422);
    expect(errorOf(menuless).details).toMatchObject([{ path: 'menu', code: 'missing' }]);
    await createMenuItem({ restaurantId: id });
    const submitted = await command('submit', id, owner).expect(200);
    expectContract(submitRestaurantRoute, submitted);
    expect(submitted.body).toMatchObject({ status: 'in_review', version: 1 });
    expect((await storedRestaurant(id)).submittedAt).not.toBeNull();
    await app.request.get(`/api/v1/restaurants/${id}`).expect(404);
    const approved = await decide(id, 1, { status: 'live' }).expect(200);
    expectContract(setRestaurantStatusRoute, approved);
    expect(approved.headers['etag']).toBe('"2"');
    expect((await storedRestaurant(id)).listKeys.length).toBeGreaterThan(0);
    await app.request.get(`/api/v1/restaurants/${id}`).expect(200);
    expect((await auditAbout(id)).map(({ event }) => event)).toEqual([
      ...['restaurant.created', 'restaurant.submitted', 'restaurant.approved'],
    ]);
  });

  it('is sent back with a reason that its staff reads, and handed in again', async () => {
    const { _id, owner } = await owned('in_review');
    const refused = await decide(_id, 0, { status: 'draft', reason: 'No such street.' }).expect(200);
    expect(refused.body).toMatchObject({ status: 'draft', statusReason: 'No such street.', liveAt: null });
    expect(await decisions()).toEqual([{ restaurantId: _id, version: 1, decision: 'refuse' }]);
    expect(await auditAbout(_id)).toMatchObject([
      {
        event: 'restaurant.refused',
        actorId: admin.userId,
        reason: 'No such street.',
        before: { status: 'in_review' },
      },
    ]);
    const again = await command('submit', _id, owner).expect(200);
    expect(again.body).toMatchObject({ status: 'in_review', statusReason: null });
  });

  it('answers a repeated command as before, and a wrong one with its status', async () => {
    const { _id, owner } = await owned('draft');
    await command('submit', _id, owner).expect(200);
    expect((await command('submit', _id, owner).expect(200)).body).toMatchObject({ version: 1 });
    expect((await decide(_id, 1, { status: 'live' }).expect(200)).body).toMatchObject({ version: 2 });
    expect((await decide(_id, 2, { status: 'live' }).expect(200)).body).toMatchObject({ version: 2 });
    const wrong = await decide(_id, 2, { status: 'draft', reason: 'Late' }).expect(409);
    expect(errorOf(wrong)).toMatchObject({ code: 'invalid_transition', details: { status: 'live' } });
    expect(errorOf(await command('withdraw', _id, owner).expect(409)).code).toBe('invalid_transition');
    expect(errorOf(await command('reopen', _id, owner).expect(409)).code).toBe('invalid_transition');
    expect(await decisions()).toHaveLength(1);
  });

  it('needs a tax rate for every category of its dishes, at the submission and at the approval', async () => {
    const { _id, owner } = await owned('draft');
    const setRates = (taxRates: object) =>
      RestaurantModel.collection.updateOne({ _id: _id as never }, { $set: { taxRates } });
    await setRates({ beverage: 500 });
    const refused = await command('submit', _id, owner).expect(422);
    expect(errorOf(refused)).toMatchObject({ code: 'restaurant_incomplete', details: [{ path: 'taxRates.food' }] });
    await setRates({ food: 0 });
    await command('submit', _id, owner).expect(200);
    await setRates({});
    expect(errorOf(await decide(_id, 1, { status: 'live' }).expect(422)).code).toBe('restaurant_incomplete');
  });

  it('that is a draft has nothing to withdraw', async () => {
    const { _id, owner } = await owned('draft');
    const res = await command('withdraw', _id, owner).expect(409);
    expect(errorOf(res)).toMatchObject({ code: 'invalid_transition', details: { status: 'draft' } });
  });

  it('is decided about as it was looked at', async () => {
    const { _id, owner } = await owned('in_review');
    const path = `/api/v1/restaurants/${_id}`;
    await app.request
      .patch(path)
      .set({ ...owner.headers, ...tag(0) })
      .send({ description: 'Another' })
      .expect(200);
    const late = await decide(_id, 0, { status: 'live' }).expect(409);
    expect(errorOf(late)).toMatchObject({ code: 'version_conflict', details: { currentVersion: 1 } });
    await RestaurantModel.collection.updateOne({ _id: _id as never }, { $set: { hours: [] } });
    const hollow = await decide(_id, 1, { status: 'live' }).expect(422);
    expect(errorOf(hollow)).toMatchObject({ code: 'restaurant_incomplete', details: [{ path: 'hours' }] });
    expect(await storedRestaurant(_id)).toMatchObject({ status: 'in_review', version: 1 });
  });

  it('that is suspended gets no new orders, keeps those it has, and is the office’s to bring back', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const customer = await logInAs();
    const kitchen = await createKitchen({ ownerId: owner.userId });
    const { restaurantId } = kitchen;
    const { _id: quoteId } = await quoteFor(kitchen, customer.userId);
    const { _id: orderId } = await createOrderIn('placed', { restaurantId, ownerId: owner.userId });
    await decide(restaurantId, 0, { status: 'suspended', reason: 'Complaints' }).expect(200);
    expect((await storedRestaurant(restaurantId)).listKeys).toEqual([]);
    const { label: _label, ...address } = NEAR_HOME;
    for (const [path, body] of [
      ['/quotes', { address }],
      ['/orders', { quoteId, paymentMethod: 'card' }],
    ] as const) {
      const headers = { ...customer.headers, 'Idempotency-Key': newId() };
      const res = await app.request.post(`/api/v1${path}`).set(headers).send(body).expect(422);
      expect(errorOf(res)).toMatchObject({ code: 'restaurant_unavailable', details: { reason: 'not_live' } });
    }
    await app.request.get(`/api/v1/restaurants/${restaurantId}/menu`).expect(404);
    await app.request.get(`/api/v1/restaurants/${restaurantId}`).expect(404);
    expect((await app.request.get('/api/v1/restaurants').expect(200)).text).not.toContain(restaurantId);
    await app.request
      .post(`/api/v1/orders/${orderId}/accept`)
      .set({ ...owner.headers, 'Idempotency-Key': newId() })
      .send({ prepMinutes: 15 })
      .expect(200);
    for (const name of ['close', 'reopen', 'submit'] as const) await command(name, restaurantId, owner).expect(409);
    const back = await decide(restaurantId, 1, { status: 'live' }).expect(200);
    expect(back.body).toMatchObject({ status: 'live', statusReason: null });
    await app.request.post('/api/v1/quotes').set(customer.headers).send({ address }).expect(201);
    expect((await auditAbout(restaurantId)).map(({ event }) => event)).toEqual([
      ...['restaurant.suspended', 'restaurant.reinstated'],
    ]);
  });

  it('is closed and opened again by its owner, as a draft', async () => {
    const { _id, owner } = await owned('live');
    expect((await command('close', _id, owner).expect(200)).body).toMatchObject({ status: 'archived' });
    expect((await command('reopen', _id, owner).expect(200)).body).toMatchObject({ status: 'draft' });
    await command('submit', _id, owner).expect(200);
    await command('withdraw', _id, owner).expect(200);
    expect((await auditAbout(_id)).map(({ event }) => event)).toEqual([
      ...['restaurant.closed', 'restaurant.reopened', 'restaurant.submitted', 'restaurant.withdrawn'],
    ]);
    expect(await decisions()).toEqual([]);
  });

  it('is not opened again as the twin of a draft, nor as the eleventh', async () => {
    const { _id, owner } = await owned('archived');
    const draft = { ownerId: owner.userId, status: 'draft' as const };
    const { _id: twin } = await createRestaurant(draft);
    expect(errorOf(await command('reopen', _id, owner).expect(409)).code).toBe('already_exists');
    await RestaurantModel.deleteOne({ _id: twin });
    for (let index = 0; index < 10; index += 1) await createRestaurant({ ...draft, name: `Pepper ${String(index)}` });
    expect(errorOf(await command('reopen', _id, owner).expect(422)).code).toBe('list_full');
  });

  it('that is a draft takes staff by invitation, who edit it and do not submit it', async () => {
    const { _id: restaurantId, owner } = await owned('draft');
    const guest = await logInAs();
    const body = { email: guest.user.email, role: 'manager' };
    await app.request.post(`/api/v1/restaurants/${restaurantId}/staff`).set(owner.headers).send(body).expect(201);
    const invitation = await StaffInvitationModel.findOne({ restaurantId }).lean();
    const token = await tokenOf(invitation?._id ?? '');
    await app.request.post('/api/v1/staff-invitations/accept').set(guest.headers).send({ token }).expect(200);
    const headers = { ...guest.headers, ...tag(0) };
    await app.request.patch(`/api/v1/restaurants/${restaurantId}`).set(headers).send({ prepMinutes: 30 }).expect(200);
    await command('submit', restaurantId, guest).expect(403);
  });

  it.each([
    { status: 'draft' },
    { status: 'suspended' },
    { status: 'archived', reason: '' },
    { status: 'in_review', reason: 'x' },
    { status: 'live', reason: 'a\nb' },
    { status: 'live', version: 7 },
    {},
  ])('is not decided about by %j', async (body) => {
    const { _id } = await owned('in_review');
    expect(errorOf(await decide(_id, 0, body).expect(400)).code).toBe('validation_failed');
    expect((await storedRestaurant(_id)).status).toBe('in_review');
  });

  it('is decided about by no one but an admin, and with a tag', async () => {
    const { _id, owner } = await owned('in_review');
    const path = `/api/v1/admin/restaurants/${_id}/status`;
    const support = await logInAs({ roles: ['support'] });
    for (const { headers } of [owner, support]) {
      await app.request
        .put(path)
        .set({ ...headers, ...tag(0) })
        .send({ status: 'live' })
        .expect(403);
    }
    const bare = await app.request.put(path).set(admin.headers).send({ status: 'live' }).expect(400);
    expect(errorOf(bare).code).toBe('if_match_missing');
  });
});
