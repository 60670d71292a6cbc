import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { inviteStaffRoute } from '../../../src/modules/staff/staff.schema.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { secondsFromNow } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createInvitation } from '../../factories/staff.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { auditAbout, staffPath, staffScene, storedInvitation, tokenOf } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function invite(restaurantId: string, { headers }: Login, body: object) {
  return app.request.post(staffPath({ restaurantId })).set(headers).send(body);
}

describe('POST /restaurants/:restaurantId/staff', () => {
  it('to one stranger, with a revocation after each, is 429 after five in a day, from whatever restaurant', async () => {
    const { restaurantId, owner } = await staffScene();
    const body = { email: 'stranger@example.com', role: 'kitchen' };
    for (let n = 0; n < 3; n += 1) await invite(restaurantId, owner, { ...body, extra: 1 }).expect(400);
    for (let n = 0; n < 5; n += 1) {
      const res = await invite(restaurantId, owner, body).expect(201);
      const { invitationId } = res.body as { invitationId: string };
      const path = `/api/v1/restaurants/${restaurantId}/invitations/${invitationId}`;
      await app.request.delete(path).set(owner.headers).expect(204);
    }
    await invite(restaurantId, owner, body).expect(429);
    const other = await staffScene();
    await invite(other.restaurantId, other.owner, { ...body, email: ' Stranger@Example.com' }).expect(429);
    await invite(other.restaurantId, other.owner, { ...body, email: 'another@example.com' }).expect(201);
  });

  it('works before the restaurant is open: whoever is invited to a draft may edit it', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId, status: 'draft' });
    const guest = await logInAs({ roles: ['customer'] });
    const draft = `/api/v1/restaurants/${restaurantId}/console`;
    const res = await invite(restaurantId, owner, { email: guest.user.email, role: 'manager' }).expect(201);
    await app.request.get(draft).set(guest.headers).expect(403);
    const token = await tokenOf((res.body as { invitationId: string }).invitationId);
    await app.request.post('/api/v1/staff-invitations/accept').set(guest.headers).send({ token }).expect(200);
    const user = await UserModel.findById(guest.userId).lean();
    if (user === null) throw new Error('the guest is gone');
    const member = await openLogin(user);
    expect((await app.request.get(draft).set(member.headers).expect(200)).body).toMatchObject({ status: 'draft' });
  });

  it('invites: answer, row without a token, promise of a mail by id alone, audit', async () => {
    const { restaurantId, owner } = await staffScene();
    const res = await invite(restaurantId, owner, { email: ' Ravi@Example.com ', role: 'kitchen' }).expect(201);
    expectContract(inviteStaffRoute, res);
    const { invitationId } = res.body as { invitationId: string };
    expect(res.body).toMatchObject({ status: 'invited', email: 'ravi@example.com', role: 'kitchen', userId: null });
    const before = { email: 'ravi@example.com', status: 'open', tokenMac: null, invitedBy: owner.userId };
    expect(await storedInvitation(invitationId)).toMatchObject({ ...before, restaurantId, role: 'kitchen' });
    const [promise] = await OutboxModel.find({ event: 'staff.invited' }).lean();
    expect(promise?.payload).toEqual({ invitationId });
    const [line] = await auditAbout(restaurantId);
    expect(line).toMatchObject({
      ...{ event: 'staff.invited', actorId: owner.userId, after: { invitationId, role: 'kitchen' } },
    });
    expect(JSON.stringify([promise, line])).not.toContain('example.com');
  });

  it('answers the same for an e-mail with an account and for one without', async () => {
    const { restaurantId, owner } = await staffScene();
    const { email } = await createUser();
    const shapes = [];
    for (const guest of [email, 'nobody-at-all@example.com']) {
      const res = await invite(restaurantId, owner, { email: guest, role: 'manager' });
      shapes.push([res.status, Object.entries(res.body as object).map(([key, value]) => [key, typeof value])]);
    }
    expect(shapes[0]).toEqual(shapes[1]);
    expect(shapes[0]?.[0]).toBe(201);
  });

  it('refuses who works there already, and whose invitation is open', async () => {
    const { restaurantId, owner, manager } = await staffScene();
    const before = await hashDatabase();
    for (const { user } of [owner, manager]) {
      const res = await invite(restaurantId, owner, { email: user.email, role: 'kitchen' }).expect(409);
      expect(errorOf(res).code).toBe('staff_exists');
    }
    expect(await hashDatabase()).toEqual(before);
    const { email } = await createInvitation({ restaurantId });
    const again = await invite(restaurantId, owner, { email, role: 'manager' }).expect(409);
    expect(errorOf(again)).toMatchObject({ code: 'already_exists', details: [{ code: 'invitation_open' }] });
  });

  it.each(['revoked', 'expired'] as const)('invites again after an invitation that was %s', async (end) => {
    const { restaurantId, owner } = await staffScene();
    const closed = end === 'revoked' ? { status: end } : { expiresAt: secondsFromNow(-1) };
    const { email, _id } = await createInvitation({ restaurantId, ...closed });
    await invite(restaurantId, owner, { email, role: 'manager' }).expect(201);
    expect((await storedInvitation(_id))?.status).toBe(end);
  });

  it.each([
    {},
    { email: 'ravi@example.com' },
    { email: 'ravi@example.com', role: 'owner' },
    { email: 'ravi@example.com', role: 'admin' },
    { email: 'ravi@example.com\r\nBcc: all@example.com', role: 'kitchen' },
    { email: { $ne: '' }, role: 'kitchen' },
    { email: 'ravi@example.com', role: 'kitchen', userId: '0'.repeat(24) },
  ])('refuses the body %j', async (body) => {
    const { restaurantId, owner } = await staffScene();
    const before = await hashDatabase();
    const res = await invite(restaurantId, owner, body).expect(400);
    expect(errorOf(res).code).toBe('validation_failed');
    expect(await hashDatabase()).toEqual(before);
  });

  it('is 403 for the staff, 404 for others, 401 without a token', async () => {
    const { restaurantId, manager, kitchen, stranger } = await staffScene();
    const body = { email: 'ravi@example.com', role: 'manager' };
    const before = await hashDatabase({ except: ['audit_log'] });
    for (const login of [manager, kitchen]) await invite(restaurantId, login, body).expect(403);
    await invite(restaurantId, stranger, body).expect(404);
    await invite(newId(), stranger, body).expect(404);
    await app.request.post(staffPath({ restaurantId })).send(body).expect(401);
    expect(await hashDatabase({ except: ['audit_log'] })).toEqual(before);
  });
});
