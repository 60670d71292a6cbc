import type { AdminUser } from './admin-users.queries.ts';
import type { AdminUserBody } from './admin-users.schema.ts';

export function toAdminUserView(user: AdminUser): AdminUserBody {
  const { _id: id, email, name, phone, roles, hasSecondFactor, status, statusReason } = user;
  return {
    ...{ id, email, name, phone, roles, hasSecondFactor, status, statusReason },
    blockedRoles: user.blockedRoles ?? [],
    emailVerified: user.emailVerifiedAt !== null,
    phoneVerified: user.phoneVerifiedAt !== null,
    createdAt: user.createdAt.toISOString(),
    updatedAt: user.updatedAt.toISOString(),
  };
}
