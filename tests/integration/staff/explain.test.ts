import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { forgetStaffMember } from '../../../src/modules/staff/index.ts';
import { acceptInvitation, inviteStaff } from '../../../src/modules/staff/invitations.service.ts';
import { listStaff, removeStaff } from '../../../src/modules/staff/staff.service.ts';
import { assertWorksAt, listWorkplaces } from '../../../src/modules/staff/workplaces.service.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { newId } from '../../../src/shared/ids.ts';
import { tokenOf } from '../../api/staff/helpers.ts';
import { ownerActor } from '../../factories/order.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createInvitation, createMember } from '../../factories/staff.ts';
import { createUser } from '../../factories/user.ts';
import { explainQueries } from '../../support/watch-commands.ts';

const OTHERS = 60;
let restaurant: Awaited<ReturnType<typeof createRestaurant>>;
let me: Awaited<ReturnType<typeof createUser>>;

beforeAll(async () => {
  await bootstrap();
  for (let index = 0; index < OTHERS; index += 1) {
    await createMember();
    await createInvitation();
  }
});
// Some of what is explained takes the member away: each has one of its own.
beforeEach(async () => {
  restaurant = await createRestaurant();
  me = await createUser();
  await createMember({ restaurantId: restaurant._id, userId: me._id });
});
// Some of them end a membership.
beforeEach(async () => {
  restaurant = await createRestaurant();
  me = await createUser();
  await createMember({ restaurantId: restaurant._id, userId: me._id });
});
afterAll(() => shutdown('test'));

function myself(): Actor {
  return { userId: me._id, roles: ['customer', 'restaurant'], sessionId: newId() };
}

const WORK: Record<string, () => Promise<unknown>> = {
  assertWorksAt: () => assertWorksAt(restaurant._id, me._id, 'order.board'),
  listWorkplaces: () => listWorkplaces(me._id),
  listStaff: () => listStaff(restaurant._id, ownerActor(restaurant)),
  inviteStaff: () =>
    inviteStaff({ restaurantId: restaurant._id, email: 'ravi@example.com', role: 'kitchen' }, ownerActor(restaurant)),
  acceptInvitation: async () => {
    const { _id: restaurantId } = await createRestaurant();
    const { _id } = await createInvitation({ restaurantId, email: me.email });
    await acceptInvitation(await tokenOf(_id), myself());
  },
  removeStaff: () => removeStaff({ restaurantId: restaurant._id, userId: me._id }, ownerActor(restaurant)),
  forgetStaffMember: () => withTransaction((tx) => forgetStaffMember(tx, { userId: me._id, emails: [me.email] })),
};

it.each(Object.keys(WORK))('%s finds its rows by an index, and few others', async (name) => {
  const plans = await explainQueries(WORK[name] ?? (() => Promise.resolve()));
  const ours = plans.filter(({ command }) => /restaurant_staff|staff_invitations/.test(command));
  expect(ours.length).toBeGreaterThan(0);
  for (const plan of ours) {
    expect(plan.stages, plan.command).not.toContain('COLLSCAN');
    expect(plan.docsExamined, plan.command).toBeLessThanOrEqual(2);
  }
});
