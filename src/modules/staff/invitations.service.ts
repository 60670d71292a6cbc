import { trusted } from 'mongoose';
import { config } from '../../config/index.ts';
import { AppError, isDuplicateKey } from '../../errors/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import { afterCommit, withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { takePlace, type Quota } from '../../infra/redis/index.ts';
import { cutSockets } from '../../realtime/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { now, secondsFromNow } from '../../shared/clock.ts';
import { newId, randomToken } from '../../shared/ids.ts';
import { macOf } from '../auth/index.ts';
import { findOwnerId, getRestaurant } from '../restaurants/index.ts';
import { findUsers, setRole } from '../users/index.ts';
import { RestaurantStaffModel, type MemberRole } from './restaurant-staff.model.ts';
import { STAFF_INVITED } from './staff.events.ts';
import { StaffInvitationModel, type StaffInvitationRow } from './staff-invitation.model.ts';
import { assertWorksAt, type Workplace } from './workplaces.service.ts';

/** More than any kitchen; requests at the same moment may pass it by a few, which harms nobody. */
const MAX_STAFF = 100;

/**
 * To one e-mail, from all restaurants: inviting and revoking in turn must not fill a stranger's mailbox. Counted here and not in front
 * of the route, where those who may invite nobody could use it up.
 */
const TO_ONE_ADDRESS: Quota = { name: 'invitation', limit: 5, windowSeconds: 24 * 3600 };
const RETRY_AFTER_SECONDS = 3600;

interface NewInvitation {
  restaurantId: string;
  email: string;
  role: MemberRole;
}

/**
 * Nobody is looked up by the e-mail: it is compared with those who work here, so a stranger's answers the same whether or not there
 * is an account. The worker makes the token.
 * @throws AppError `staff_exists`, `already_exists` (an invitation is open), `list_full`, `rate_limited` (too many to this e-mail today);
 *   `not_found`, `forbidden`
 */
export async function inviteStaff(input: NewInvitation, actor: Actor): Promise<StaffInvitationRow> {
  const { restaurantId, email, role } = input;
  await assertWorksAt(restaurantId, actor.userId, 'staff.manage');
  await assertNew(input);
  const at = now();
  const row: StaffInvitationRow = {
    ...{ _id: newId(), restaurantId, email, role, tokenMac: null, invitedBy: actor.userId, status: 'open' },
    ...{ expiresAt: secondsFromNow(config.auth.verifyTtlSeconds), createdAt: at, updatedAt: at },
  };
  await withTransaction(async (tx) => {
    await closeExpired(tx, input);
    await insertInvitation(tx, row);
    await assertRoom(row);
    await recordAudit(tx, { event: 'staff.invited', subjectId: restaurantId, after: { invitationId: row._id, role } });
    await appendOutbox(tx, [{ event: STAFF_INVITED, payload: { invitationId: row._id } }]);
  });
  return row;
}

/** @throws AppError `not_found`, also for one that is closed; `forbidden` */
export async function revokeInvitation(
  { restaurantId, invitationId }: { restaurantId: string; invitationId: string },
  actor: Actor,
): Promise<void> {
  await assertWorksAt(restaurantId, actor.userId, 'staff.manage');
  await withTransaction(async (tx) => {
    const row = await StaffInvitationModel.findOneAndUpdate(
      { _id: invitationId, restaurantId, status: 'open' },
      { status: 'revoked', tokenMac: null, updatedAt: now() },
      { session: tx },
    ).lean<StaffInvitationRow>();
    if (row === null) throw new AppError('not_found');
    const before = { invitationId, role: row.role };
    await recordAudit(tx, { event: 'staff.invitation_revoked', subjectId: restaurantId, before });
  });
}

interface IssuedInvitation {
  to: string;
  token: string;
  restaurantName: string;
  role: MemberRole;
  lifeSeconds: number;
}

/** For the worker, at each attempt: a token that only the mail holds; the last one is good. Null once the invitation is closed. */
export async function issueInvitation(invitationId: string): Promise<IssuedInvitation | null> {
  const token = randomToken();
  const row = await StaffInvitationModel.findOneAndUpdate(
    { _id: invitationId, ...openNow() },
    { tokenMac: macOf('invitation', token), updatedAt: now() },
  ).lean<StaffInvitationRow>();
  if (row === null) return null;
  const { name } = await getRestaurant(row.restaurantId);
  const { email: to, role } = row;
  return { to, token, restaurantName: name, role, lifeSeconds: config.auth.verifyTtlSeconds };
}

/**
 * The token is claimed with the membership in one transaction, by the account whose e-mail was invited. The sockets are cut, so that
 * they come back into the restaurant's room; a new role needs no new log-in. Whom an admin has taken the role away from works
 * nowhere.
 * @throws AppError `link_invalid`: unknown, used, expired, revoked, or somebody else's; `staff_exists`, `forbidden`
 */
export async function acceptInvitation(token: string, { userId }: Actor): Promise<Workplace> {
  return withTransaction(async (tx) => {
    const { restaurantId, role, email } = await claimInvitation(tx, token);
    const account = await setRole(tx, { userId, role: 'restaurant', isHeld: true });
    // The abort gives the claim back: a stranger spends nobody's invitation.
    if (account.email !== email) throw new AppError('link_invalid');
    if (!account.after.includes('restaurant')) throw new AppError('forbidden');
    await insertMember(tx, { restaurantId, userId, role });
    await recordAudit(tx, { event: 'staff.joined', subjectId: userId, after: { restaurantId, role } });
    await auditRoles(tx, userId, account);
    afterCommit(tx, () => {
      cutSockets(`user:${userId}`);
    });
    return { restaurantId, role };
  });
}

/** Says so in the log where the roles of the account have changed with its work. */
export async function auditRoles(
  tx: Tx,
  userId: string,
  { before, after }: { before: readonly string[]; after: readonly string[] },
): Promise<void> {
  if (before.length === after.length && before.every((role) => after.includes(role))) return;
  await recordAudit(tx, {
    ...{ event: 'user.roles_changed', subjectId: userId, reason: 'staff' },
    ...{ before: { roles: before }, after: { roles: after } },
  });
}

/** The id keeps its place when the transaction runs again. @throws AppError `rate_limited` */
async function assertRoom({ _id: subjectId, email }: StaffInvitationRow): Promise<void> {
  const hasRoom = await takePlace(TO_ONE_ADDRESS, { key: macOf('invitation', `limit.${email}`), subjectId });
  if (!hasRoom) throw new AppError('rate_limited', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

async function assertNew({ restaurantId, email }: NewInvitation): Promise<void> {
  const [ownerId, members, open] = await Promise.all([
    findOwnerId(restaurantId),
    RestaurantStaffModel.find({ restaurantId }, { userId: 1 }).lean<{ userId: string }[]>(),
    StaffInvitationModel.countDocuments({ restaurantId, ...openNow() }),
  ]);
  const users = await findUsers([ownerId ?? '', ...members.map(({ userId }) => userId)]);
  if (users.some((user) => user.email === email)) throw new AppError('staff_exists');
  if (members.length + open >= MAX_STAFF) throw new AppError('list_full');
}

function openNow() {
  return { status: 'open' as const, expiresAt: trusted({ $gt: now() }) };
}

/** What has run out stands in nobody's way. */
async function closeExpired(tx: Tx, { restaurantId, email }: NewInvitation): Promise<void> {
  await StaffInvitationModel.updateOne(
    { restaurantId, email, status: 'open', expiresAt: trusted({ $lte: now() }) },
    { status: 'expired', tokenMac: null, updatedAt: now() },
    { session: tx },
  );
}

async function insertInvitation(tx: Tx, row: StaffInvitationRow): Promise<void> {
  try {
    await StaffInvitationModel.collection.insertOne(row as never, { session: tx });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const details = [{ path: 'email', code: 'invitation_open', message: 'An invitation is open.' }];
    throw new AppError('already_exists', { details, cause: error });
  }
}

async function claimInvitation(tx: Tx, token: string): Promise<StaffInvitationRow> {
  const row = await StaffInvitationModel.findOneAndUpdate(
    { tokenMac: macOf('invitation', token), ...openNow() },
    { status: 'accepted', tokenMac: null, updatedAt: now() },
    { session: tx },
  ).lean<StaffInvitationRow>();
  if (row === null) throw new AppError('link_invalid');
  return row;
}

async function insertMember(tx: Tx, member: { restaurantId: string; userId: string; role: MemberRole }): Promise<void> {
  if ((await findOwnerId(member.restaurantId)) === member.userId) throw new AppError('staff_exists');
  const at = now();
  const row = { _id: newId(), ...member, createdAt: at, updatedAt: at };
  try {
    await RestaurantStaffModel.collection.insertOne(row as never, { session: tx });
  } catch (error) {
    // Invited once more under a new e-mail.
    if (isDuplicateKey(error)) throw new AppError('staff_exists', { cause: error });
    throw error;
  }
}
