import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { acceptOrder } from '../../../src/modules/orders/orders.service.ts';
import { acceptInvitation, inviteStaff } from '../../../src/modules/staff/invitations.service.ts';
import { RestaurantStaffModel } from '../../../src/modules/staff/restaurant-staff.model.ts';
import { removeStaff } from '../../../src/modules/staff/staff.service.ts';
import { StaffInvitationModel } from '../../../src/modules/staff/staff-invitation.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn, getStoredOrder, idempotent, ownerActor } from '../../factories/order.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createInvitation, createMember } from '../../factories/staff.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { auditAbout, tokenOf } from '../../api/staff/helpers.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const AT_ONCE = 20;

function actorOf(userId: string): Actor {
  return { userId, roles: ['customer', 'restaurant'], sessionId: newId() };
}

function codesOf(results: PromiseSettledResult<unknown>[]): string[] {
  return results.map((result) =>
    result.status === 'fulfilled' ? 'ok' : String((result.reason as { code?: unknown }).code),
  );
}

describe('acceptInvitation', () => {
  it('of one link twenty times at once makes one membership, and nineteen are told that the link is used', async () => {
    const { _id: restaurantId } = await createRestaurant();
    const { _id: userId, email } = await createUser();
    const { _id } = await createInvitation({ restaurantId, email });
    const token = await tokenOf(_id);
    const codes = codesOf(
      await Promise.allSettled(Array.from({ length: AT_ONCE }, () => acceptInvitation(token, actorOf(userId)))),
    );
    expect(codes.toSorted()).toEqual([...Array<string>(AT_ONCE - 1).fill('link_invalid'), 'ok']);
    expect(await RestaurantStaffModel.countDocuments({ userId, restaurantId })).toBe(1);
    expect((await UserModel.findById(userId).lean())?.roles).toEqual(['customer', 'restaurant']);
    expect((await auditAbout(userId)).map(({ event }) => event)).toEqual(['staff.joined', 'user.roles_changed']);
  });

  it('while the last other membership ends leaves a member with the role of the account', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [first, second] = [await createRestaurant(), await createRestaurant()];
      const { _id: userId, email } = await createUser({ roles: ['customer', 'restaurant'] });
      await createMember({ restaurantId: first._id, userId });
      const { _id } = await createInvitation({ restaurantId: second._id, email });
      const token = await tokenOf(_id);
      await Promise.all([
        removeStaff({ restaurantId: first._id, userId }, ownerActor(first)),
        acceptInvitation(token, actorOf(userId)),
      ]);
      expect((await UserModel.findById(userId).lean())?.roles).toContain('restaurant');
    }
  });
});

describe('removeStaff', () => {
  it('of somebody’s last two places at once takes the role of the account', async () => {
    const [first, second] = [await createRestaurant(), await createRestaurant()];
    const { _id: userId } = await createUser({ roles: ['customer', 'restaurant'] });
    for (const { _id } of [first, second]) await createMember({ restaurantId: _id, userId });
    await Promise.all(
      [first, second].map((place) => removeStaff({ restaurantId: place._id, userId }, ownerActor(place))),
    );
    expect(await UserModel.findById(userId).lean()).toMatchObject({ roles: ['customer'], sessionVersion: 1 });
  });

  it('against a command of who is removed: it counts whole, or not at all, and after the removal never', async () => {
    const restaurant = await createRestaurant();
    for (let round = 0; round < 5; round += 1) {
      const { _id: userId } = await createUser({ roles: ['customer', 'restaurant'] });
      await createMember({ restaurantId: restaurant._id, userId, role: 'kitchen' });
      const order = await createOrderIn('placed', { restaurantId: restaurant._id });
      const accept = () => {
        const idempotency = idempotent(actorOf(userId), 'acceptOrder');
        return acceptOrder({ orderId: order._id, prepMinutes: 15, idempotency }, actorOf(userId));
      };
      const [accepted, removed] = await Promise.allSettled([
        accept(),
        removeStaff({ restaurantId: restaurant._id, userId }, ownerActor(restaurant)),
      ]);
      expect(removed.status).toBe('fulfilled');
      if (accepted.status === 'rejected') expect(accepted.reason).toMatchObject({ code: 'not_found' });
      const { status } = await getStoredOrder(order._id);
      expect(status).toBe(accepted.status === 'fulfilled' ? 'accepted' : 'placed');
      await expect(accept()).rejects.toMatchObject({ code: 'not_found' });
      await expectSoundOrder(order._id);
    }
  });
});

describe('inviteStaff', () => {
  it('of one e-mail twenty times at once makes one open invitation', async () => {
    const restaurant = await createRestaurant();
    const invite = { restaurantId: restaurant._id, email: 'ravi@example.com', role: 'kitchen' as const };
    const results = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, () => inviteStaff(invite, ownerActor(restaurant))),
    );
    const codes = codesOf(results).toSorted();
    expect(codes).toEqual([...Array<string>(AT_ONCE - 1).fill('already_exists'), 'ok']);
    expect(await StaffInvitationModel.countDocuments({ restaurantId: restaurant._id, status: 'open' })).toBe(1);
  });

  it('into a full list is refused', async () => {
    const restaurant = await createRestaurant();
    const { _id: restaurantId } = restaurant;
    await RestaurantStaffModel.insertMany(
      Array.from({ length: 100 }, () => ({
        ...{ _id: newId(), restaurantId, userId: newId(), role: 'kitchen' },
        ...{ createdAt: new Date(), updatedAt: new Date() },
      })),
    );
    const invite = inviteStaff({ restaurantId, email: 'ravi@example.com', role: 'kitchen' }, ownerActor(restaurant));
    await expect(invite).rejects.toMatchObject({ code: 'list_full' });
  });
});
