import { trusted } from 'mongoose';
import { AppError } from '../../errors/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import { afterCommit, withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { cutSockets } from '../../realtime/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import { findOwnerId, getRestaurant, listOwnedRestaurantIds } from '../restaurants/index.ts';
import { findUsers, setRole, type UserRecord } from '../users/index.ts';
import { auditRoles } from './invitations.service.ts';
import { RestaurantStaffModel, type MemberRole, type RestaurantStaffRow } from './restaurant-staff.model.ts';
import { StaffInvitationModel, type StaffInvitationRow } from './staff-invitation.model.ts';
import { assertWorksAt } from './workplaces.service.ts';

interface Membership {
  restaurantId: string;
  userId: string;
}

export interface StaffList {
  owner: UserRecord | undefined;
  members: { row: RestaurantStaffRow; user: UserRecord }[];
  invitations: StaffInvitationRow[];
}

/** Who works here, and who is invited. @throws AppError `not_found`, `forbidden` */
export async function listStaff(restaurantId: string, actor: Actor): Promise<StaffList> {
  await assertWorksAt(restaurantId, actor.userId, 'staff.read');
  const [{ ownerId }, rows, invitations] = await Promise.all([
    getRestaurant(restaurantId),
    RestaurantStaffModel.find({ restaurantId }).lean<RestaurantStaffRow[]>(),
    openInvitations(restaurantId),
  ]);
  const users = new Map(
    (await findUsers([ownerId, ...rows.map(({ userId }) => userId)])).map((user) => [user.id, user]),
  );
  const members = rows.flatMap((row) => {
    const user = users.get(row.userId);
    return user === undefined ? [] : { row, user };
  });
  return { owner: users.get(ownerId), members, invitations };
}

/**
 * Holds from the next request on; open sockets are cut.
 * @throws AppError `not_found`; `forbidden`, also for the owner's own place
 */
export async function changeStaffRole(
  { restaurantId, userId, role }: Membership & { role: MemberRole },
  actor: Actor,
): Promise<{ row: RestaurantStaffRow; user: UserRecord }> {
  await assertManages({ restaurantId, userId }, actor);
  const row = await withTransaction(async (tx) => {
    const before = await RestaurantStaffModel.findOneAndUpdate(
      { restaurantId, userId },
      { role, updatedAt: now() },
      { session: tx, returnDocument: 'before' },
    ).lean<RestaurantStaffRow>();
    if (before === null) throw new AppError('not_found');
    if (before.role !== role) await noteNewRole(tx, before, role);
    return { ...before, role };
  });
  const [user] = await findUsers([userId]);
  if (user === undefined) throw new AppError('not_found');
  return { row, user };
}

/**
 * Who works nowhere any more, and owns no restaurant, is no restaurant's account: that ends their sessions.
 * @throws AppError `not_found`; `forbidden`, also for the owner's own place
 */
export async function removeStaff(member: Membership, actor: Actor): Promise<void> {
  await assertManages(member, actor);
  const { restaurantId, userId } = member;
  await withTransaction(async (tx) => {
    const row = await RestaurantStaffModel.findOneAndDelete(
      { restaurantId, userId },
      { session: tx },
    ).lean<RestaurantStaffRow>();
    if (row === null) throw new AppError('not_found');
    const before = { restaurantId, role: row.role };
    await recordAudit(tx, { event: 'staff.removed', subjectId: userId, before });
    const account = await setRole(tx, { userId, role: 'restaurant', isHeld: await worksSomewhere(tx, userId) });
    await auditRoles(tx, userId, account);
    afterCommit(tx, () => {
      cutSockets(`user:${userId}`);
    });
  });
}

/** For the deletion of an account: nothing here names the person any more. */
export async function forgetStaffMember(
  tx: Tx,
  { userId, emails }: { userId: string; emails: readonly string[] },
): Promise<void> {
  await RestaurantStaffModel.deleteMany({ userId }, { session: tx });
  await StaffInvitationModel.deleteMany({ email: trusted({ $in: [...emails] }) }, { session: tx });
}

async function assertManages({ restaurantId, userId }: Membership, actor: Actor): Promise<void> {
  await assertWorksAt(restaurantId, actor.userId, 'staff.manage');
  if ((await findOwnerId(restaurantId)) === userId) throw new AppError('forbidden');
}

async function noteNewRole(
  tx: Tx,
  { restaurantId, userId, role }: RestaurantStaffRow,
  next: MemberRole,
): Promise<void> {
  await recordAudit(tx, {
    ...{ event: 'staff.role_changed', subjectId: userId },
    ...{ before: { restaurantId, role }, after: { restaurantId, role: next } },
  });
  afterCommit(tx, () => {
    cutSockets(`user:${userId}`);
  });
}

async function worksSomewhere(tx: Tx, userId: string): Promise<boolean> {
  if ((await listOwnedRestaurantIds(userId)).length > 0) return true;
  return (await RestaurantStaffModel.findOne({ userId }, { _id: 1 }).session(tx).lean()) !== null;
}

function openInvitations(restaurantId: string): Promise<StaffInvitationRow[]> {
  const where = { restaurantId, status: 'open' as const, expiresAt: trusted({ $gt: now() }) };
  return StaffInvitationModel.find(where).sort({ email: 1 }).lean<StaffInvitationRow[]>().exec();
}
