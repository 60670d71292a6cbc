import type { StaffEntry } from './staff.schema.ts';
import type { StaffList } from './staff.service.ts';
import type { StaffInvitationRow } from './staff-invitation.model.ts';

/** The owner first, then who works here, then who is invited. */
export function toStaffEntries({ owner, members, invitations }: StaffList): StaffEntry[] {
  const first = owner === undefined ? [] : [person(owner, 'owner', null)];
  return [...first, ...members.map(toMemberView), ...invitations.map(toInvitationView)];
}

export function toMemberView({ row, user }: StaffList['members'][number]): StaffEntry {
  return person(user, row.role, row.createdAt);
}

export function toInvitationView(row: StaffInvitationRow): StaffEntry {
  return {
    status: 'invited',
    userId: null,
    invitationId: row._id,
    ...{ email: row.email, name: null, role: row.role },
    since: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}

function person(
  { id, email, name }: { id: string; email: string; name: string },
  role: StaffEntry['role'],
  since: Date | null,
): StaffEntry {
  return {
    ...{ status: 'active', userId: id, invitationId: null, email, name, role },
    ...{ since: since?.toISOString() ?? null, expiresAt: null },
  };
}
