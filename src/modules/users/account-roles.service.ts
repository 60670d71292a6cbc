import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import type { Role } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import { UserModel, type UserRow } from './user.model.ts';

interface RoleSetting {
  userId: string;
  role: Role;
  isHeld: boolean;
}

interface RoleChange {
  email: string;
  before: Role[];
  after: Role[];
}

/**
 * Gives a role, or takes it. A role that goes ends every session; one that comes holds from the next request on. Nobody is left
 * without any: who loses the last is a customer. A role that an admin has taken away does not come back this way: `after` says
 * whether it is there. The account's row is written in any case, so that two transactions which decide
 * about a role at the same time do so one after the other.
 * @throws AppError `not_found`
 */
export async function setRole(tx: Tx, { userId, role, isHeld }: RoleSetting): Promise<RoleChange> {
  const others = { $filter: { input: '$roles', cond: { $ne: ['$$this', role] } } };
  const withRole = { $concatArrays: ['$roles', [role]] };
  const without = { $cond: [{ $eq: [others, []] }, ['customer'], others] };
  const hasIt = { $in: [role, '$roles'] };
  const isBlocked = { $in: [role, { $ifNull: ['$blockedRoles', []] }] };
  const set = isHeld
    ? { roles: { $cond: [{ $or: [hasIt, isBlocked] }, '$roles', withRole] } }
    : {
        roles: { $cond: [hasIt, without, '$roles'] },
        sessionVersion: { $add: ['$sessionVersion', { $cond: [hasIt, 1, 0] }] },
      };
  const where = { _id: userId as never };
  const options = { session: tx, projection: { roles: 1, email: 1 } };
  const before = await UserModel.collection.findOneAndUpdate(where, [{ $set: { ...set, updatedAt: now() } }], {
    ...options,
    returnDocument: 'before',
  });
  const after = await UserModel.collection.findOne(where, options);
  if (before === null || after === null) throw new AppError('not_found');
  const { email, roles } = before as unknown as Pick<UserRow, 'email' | 'roles'>;
  return { email, before: roles, after: (after as unknown as Pick<UserRow, 'roles'>).roles };
}
