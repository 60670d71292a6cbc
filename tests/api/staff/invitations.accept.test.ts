import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StaffInvitationModel } from '../../../src/modules/staff/staff-invitation.model.ts';
import { acceptInvitationRoute } from '../../../src/modules/staff/staff.schema.ts';
import { RestaurantStaffModel } from '../../../src/modules/staff/restaurant-staff.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { secondsFromNow } from '../../../src/shared/clock.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createInvitation } from '../../factories/staff.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { auditAbout, staffScene, storedInvitation, tokenOf } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function accept({ headers }: Login, body: object) {
  return app.request.post('/api/v1/staff-invitations/accept').set(headers).send(body);
}

async function invited(role: 'manager' | 'kitchen' = 'kitchen') {
  const scene = await staffScene();
  const guest = await logInAs();
  const invitation = await createInvitation({ restaurantId: scene.restaurantId, email: guest.user.email, role });
  return { ...scene, guest, invitation, token: await tokenOf(invitation._id) };
}

describe('POST /staff-invitations/accept', () => {
  it('makes the guest a member, who works with the same token from the next request on', async () => {
    const { restaurantId, guest, invitation, token } = await invited();
    const board = `/api/v1/restaurants/${restaurantId}/orders`;
    await app.request.get(board).set(guest.headers).expect(403);
    const res = await accept(guest, { token }).expect(200);
    expectContract(acceptInvitationRoute, res);
    expect(res.body).toEqual({ restaurantId, role: 'kitchen' });
    await app.request.get(board).set(guest.headers).expect(200);
    expect(await storedInvitation(invitation._id)).toMatchObject({ status: 'accepted', tokenMac: null });
    const user = await UserModel.findById(guest.userId).lean();
    expect(user).toMatchObject({ roles: ['customer', 'restaurant'], sessionVersion: 0 });
    expect(await auditAbout(guest.userId)).toMatchObject([
      { event: 'staff.joined', actorId: guest.userId, after: { restaurantId, role: 'kitchen' } },
      { event: 'user.roles_changed', before: { roles: ['customer'] }, after: { roles: ['customer', 'restaurant'] } },
    ]);
  });

  it('refuses a link that was used, replaced by a newer mail, has run out, or is none', async () => {
    const { guest, invitation, token } = await invited();
    const newer = await tokenOf(invitation._id);
    const { _id: restaurantId } = await createRestaurant();
    const runOut = await createInvitation({ restaurantId, email: guest.user.email });
    const late = await tokenOf(runOut._id);
    await StaffInvitationModel.updateOne({ _id: runOut._id }, { expiresAt: secondsFromNow(-1) });
    const before = await hashDatabase({ except: ['audit_log'] });
    for (const wrong of [token, late, 'nonsense', `${newer}x`]) {
      const res = await accept(guest, { token: wrong });
      expect([wrong, res.status, errorOf(res).code]).toEqual([wrong, 400, 'link_invalid']);
    }
    expect(await hashDatabase({ except: ['audit_log'] })).toEqual(before);
    await accept(guest, { token: newer }).expect(200);
    await accept(guest, { token: newer }).expect(400);
    expect(await RestaurantStaffModel.countDocuments({ userId: guest.userId })).toBe(1);
  });

  it('refuses somebody else’s link, and does not spend it', async () => {
    const { guest, token } = await invited();
    const thief = await logInAs();
    const before = await hashDatabase({ except: ['audit_log'] });
    const res = await accept(thief, { token }).expect(400);
    expect(errorOf(res).code).toBe('link_invalid');
    expect(await hashDatabase({ except: ['audit_log'] })).toEqual(before);
    await accept(guest, { token }).expect(200);
  });

  it('refuses who works there already under another e-mail', async () => {
    const { restaurantId, owner, manager } = await staffScene();
    for (const { user, userId, headers } of [owner, manager]) {
      await UserModel.updateOne({ _id: userId }, { email: `new-${user.email}` });
      const { _id } = await createInvitation({ restaurantId, email: `new-${user.email}` });
      const token = await tokenOf(_id);
      const res = await app.request.post('/api/v1/staff-invitations/accept').set(headers).send({ token });
      expect([res.status, errorOf(res).code]).toEqual([409, 'staff_exists']);
      expect((await storedInvitation(_id))?.status).toBe('open');
    }
  });

  it('does not undo an admin’s demotion: 403, the link stays, and the own restaurant stays lost until an admin gives the role back', async () => {
    const [admin, { restaurantId, owner }, { stranger }] = [
      await logInAs({ roles: ['admin'] }),
      await staffScene(),
      await staffScene(),
    ];
    const account = `/api/v1/admin/users/${owner.userId}`;
    const setRoles = (roles: string[]) => app.request.patch(account).set(admin.headers).send({ roles }).expect(200);
    const demoted = await setRoles(['customer']);
    expect(demoted.body).toMatchObject({ roles: ['customer'], blockedRoles: ['restaurant'] });
    const [{ _id: elsewhere }] = [await createRestaurant({ ownerId: stranger.userId })];
    const { _id } = await createInvitation({ restaurantId: elsewhere, email: owner.user.email });
    const token = await tokenOf(_id);
    const again = await openLogin({ ...owner.user, sessionVersion: 1 });
    const before = await hashDatabase({ except: ['audit_log', 'sessions'] });
    const res = await accept(again, { token }).expect(403);
    expect(errorOf(res).code).toBe('forbidden');
    expect(await hashDatabase({ except: ['audit_log', 'sessions'] })).toEqual(before);
    const board = `/api/v1/restaurants/${restaurantId}/orders`;
    await app.request.get(board).set(again.headers).expect(403);
    const places = await app.request.get('/api/v1/me/workplaces').set(again.headers).expect(200);
    expect(places.body).toMatchObject({ data: [] });
    const restored = await setRoles(['customer', 'restaurant']);
    expect(restored.body).toMatchObject({ blockedRoles: [] });
    await accept(await openLogin({ ...owner.user, sessionVersion: 2 }), { token }).expect(200);
    expect(await auditAbout(owner.userId)).toMatchObject([
      { event: 'user.roles_changed', after: { roles: ['customer'], blockedRoles: ['restaurant'] } },
      { event: 'user.roles_changed', before: { blockedRoles: ['restaurant'] } },
      { event: 'staff.joined' },
    ]);
  });

  it.each([{}, { token: '' }, { token: 7 }, { token: ['a'] }, { token: { $ne: null } }, { token: { $regex: '^a' } }])(
    'refuses the body %j',
    async (body) => {
      const res = await accept(await logInAs(), body).expect(400);
      expect(errorOf(res).code).toBe('validation_failed');
    },
  );

  it('is 401 without a token of access', async () => {
    const { token } = await invited();
    await app.request.post('/api/v1/staff-invitations/accept').send({ token }).expect(401);
  });
});
