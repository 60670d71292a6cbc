import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { createOrderIn } from '../../factories/order.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createMember } from '../../factories/staff.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { auditAbout, staffPath, staffScene, type StaffScene } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function remove(scene: StaffScene, by: Login, userId: string) {
  return app.request.delete(staffPath(scene, userId)).set(by.headers);
}

async function storedUser(userId: string) {
  const user = await UserModel.findById(userId).lean();
  return { roles: user?.roles, sessionVersion: user?.sessionVersion };
}

describe('DELETE /restaurants/:restaurantId/staff/:userId', () => {
  it('of the last membership takes the role of the account, ends its sessions, and says so in the audit', async () => {
    const scene = await staffScene();
    const { restaurantId, owner, kitchen } = scene;
    await remove(scene, owner, kitchen.userId).expect(204);
    expect(await storedUser(kitchen.userId)).toEqual({ roles: ['customer'], sessionVersion: 1 });
    await app.request.get('/api/v1/me').set(kitchen.headers).expect(401);
    expect(await auditAbout(kitchen.userId)).toMatchObject([
      { event: 'staff.removed', actorId: owner.userId, before: { restaurantId, role: 'kitchen' } },
      {
        ...{ event: 'user.roles_changed', reason: 'staff' },
        ...{ before: { roles: ['customer', 'restaurant'] }, after: { roles: ['customer'] } },
      },
    ]);
    await remove(scene, owner, kitchen.userId).expect(404);
  });

  it.each(['works elsewhere', 'owns another restaurant'])('leaves role and sessions to who %s', async (what) => {
    const scene = await staffScene();
    const { restaurantId, owner, kitchen } = scene;
    const { _id: second } = await createRestaurant(what === 'works elsewhere' ? {} : { ownerId: kitchen.userId });
    if (what === 'works elsewhere') await createMember({ restaurantId: second, userId: kitchen.userId });
    const order = await createOrderIn('placed', { restaurantId });
    await app.request.get(`/api/v1/orders/${order._id}`).set(kitchen.headers).expect(200);
    await remove(scene, owner, kitchen.userId).expect(204);
    expect(await storedUser(kitchen.userId)).toMatchObject({ roles: ['customer', 'restaurant'], sessionVersion: 0 });
    // The next request already is a stranger's.
    await app.request.get(`/api/v1/orders/${order._id}`).set(kitchen.headers).expect(404);
    await app.request.get(`/api/v1/restaurants/${restaurantId}/orders`).set(kitchen.headers).expect(404);
    await app.request.get(`/api/v1/restaurants/${second}/orders`).set(kitchen.headers).expect(200);
  });

  it('gives no role back to whom an admin has taken it from, though a place is left', async () => {
    const scene = await staffScene();
    const { owner, kitchen } = scene;
    await createMember({ restaurantId: (await createRestaurant())._id, userId: kitchen.userId });
    await UserModel.updateOne({ _id: kitchen.userId }, { roles: ['customer'], blockedRoles: ['restaurant'] });
    await remove(scene, owner, kitchen.userId).expect(204);
    expect(await storedUser(kitchen.userId)).toMatchObject({ roles: ['customer'] });
  });

  it('leaves nobody without any role', async () => {
    const scene = await staffScene();
    const { owner, kitchen } = scene;
    await UserModel.updateOne({ _id: kitchen.userId }, { roles: ['restaurant'] });
    await remove(scene, owner, kitchen.userId).expect(204);
    const login = await openLogin({ ...kitchen.user, sessionVersion: 1 });
    const me = await app.request.get('/api/v1/me').set(login.headers).expect(200);
    expect(me.body).toMatchObject({ roles: ['customer'] });
  });

  it('is 403 for the owner’s own place and for staff, 404 for others, and changes nothing', async () => {
    const scene = await staffScene();
    const { owner, manager, kitchen, stranger } = scene;
    const before = await hashDatabase({ except: ['audit_log'] });
    await remove(scene, owner, owner.userId).expect(403);
    await remove(scene, manager, kitchen.userId).expect(403);
    await remove(scene, kitchen, kitchen.userId).expect(403);
    await remove(scene, stranger, kitchen.userId).expect(404);
    await remove(scene, owner, stranger.userId).expect(404);
    await app.request.delete(staffPath(scene, kitchen.userId)).expect(401);
    expect(await hashDatabase({ except: ['audit_log'] })).toEqual(before);
  });
});
