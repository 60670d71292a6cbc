import { AppError } from '../../errors/index.ts';
import { recordAudit, type AuditEntry } from '../../infra/audit/index.ts';
import { afterCommit, withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { cutSockets } from '../../realtime/index.ts';
import type { Actor, Role } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import { getUserForAdmin, type AdminUser } from './admin-users.queries.ts';
import { isLastAdmin } from './admins.service.ts';
import { UserModel } from './user.model.ts';

/** Either of the two. */
interface UserChange {
  status?: 'active' | 'suspended' | undefined;
  roles?: readonly Role[] | undefined;
  /** There for a suspension. */
  reason?: string | undefined;
}

/**
 * Suspends, reinstates, or gives other roles; what the account already is stays as it is. Every session of it is over at the next
 * request, and its sockets are cut: who it was is not who it is.
 * @throws AppError `not_found`, `forbidden` (an admin against himself), `invalid_transition` (deleted), `last_admin`
 */
export async function updateUser(change: UserChange, userId: string, actor: Actor): Promise<AdminUser> {
  return withTransaction(async (tx) => {
    const before = await getUserForAdmin(userId, tx);
    const after = { ...before, ...toFields(change, before) };
    if (isSame(before, after)) return before;
    if (before.status === 'deleted') throw new AppError('invalid_transition', { details: { status: 'deleted' } });
    await assertStaysAdministrated(tx, { before, after, actor });
    await write(tx, after);
    await recordAudit(tx, auditOf({ before, after, reason: change.reason }));
    afterCommit(tx, () => {
      cutSockets(`user:${userId}`);
    });
    return after;
  });
}

type Fields = Pick<AdminUser, 'status' | 'statusReason' | 'roles' | 'blockedRoles' | 'updatedAt'>;

function toFields({ status, roles, reason }: UserChange, before: AdminUser): Fields {
  const updatedAt = now();
  const isNewStatus = status !== undefined && status !== before.status;
  const standing = isNewStatus ? { status, statusReason: status === 'suspended' ? (reason ?? null) : null } : before;
  const newRoles = roles === undefined ? before.roles : [...roles];
  const blockedRoles = blockedAfter(before, newRoles);
  return { status: standing.status, statusReason: standing.statusReason, roles: newRoles, blockedRoles, updatedAt };
}

/** What an admin takes away stays away, whoever invites the person to work; what an admin gives is free again. */
function blockedAfter({ roles, blockedRoles = [] }: AdminUser, newRoles: readonly Role[]): Role[] {
  return [...new Set([...blockedRoles, ...roles])].filter((role) => !newRoles.includes(role));
}

function isSame(before: AdminUser, after: AdminUser): boolean {
  return before.status === after.status && String(before.roles.toSorted()) === String(after.roles.toSorted());
}

interface Step {
  before: AdminUser;
  after: AdminUser;
}

/** Nobody locks himself out by mistake, and of two admins who remove each other at once one is refused. */
async function assertStaysAdministrated(tx: Tx, { before, after, actor }: Step & { actor: Actor }): Promise<void> {
  if (!isAdmin(before) || isAdmin(after)) return;
  if (before._id === actor.userId) throw new AppError('forbidden');
  if (await isLastAdmin(tx, before._id)) throw new AppError('last_admin');
}

function isAdmin({ status, roles }: AdminUser): boolean {
  return status === 'active' && roles.includes('admin');
}

async function write(tx: Tx, { _id: userId, ...account }: AdminUser): Promise<void> {
  const { status, statusReason, roles, blockedRoles, updatedAt } = account;
  await UserModel.collection.updateOne(
    { _id: userId as never },
    { $set: { status, statusReason, roles, blockedRoles, updatedAt }, $inc: { sessionVersion: 1 } },
    { session: tx },
  );
}

function auditOf({ before, after, reason }: Step & { reason: string | undefined }): AuditEntry {
  const said = { subjectId: before._id, ...(reason === undefined ? {} : { reason }) };
  if (before.status === after.status) {
    return { event: 'user.roles_changed', ...said, before: rolesOf(before), after: rolesOf(after) };
  }
  const event = after.status === 'suspended' ? 'user.suspended' : 'user.reinstated';
  return { event, ...said, before: { status: before.status }, after: { status: after.status } };
}

function rolesOf({ roles, blockedRoles = [] }: AdminUser) {
  return blockedRoles.length === 0 ? { roles } : { roles, blockedRoles };
}
