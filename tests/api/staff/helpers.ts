import { AuditModel, type AuditRow } from '../../../src/infra/audit/audit.model.ts';
import { issueInvitation } from '../../../src/modules/staff/index.ts';
import { StaffInvitationModel, type StaffInvitationRow } from '../../../src/modules/staff/staff-invitation.model.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createMember } from '../../factories/staff.ts';
import { logInAs, type Login } from '../../support/log-in.ts';

export interface StaffScene {
  restaurantId: string;
  owner: Login;
  manager: Login;
  kitchen: Login;
  /** Of another restaurant. */
  stranger: Login;
}

/** A restaurant and who works there, with real sessions. */
export async function staffScene(): Promise<StaffScene> {
  const [owner, manager, kitchen, stranger] = await Promise.all([
    logInAs({ roles: ['restaurant'] }),
    logInAs({ roles: ['customer', 'restaurant'] }),
    logInAs({ roles: ['customer', 'restaurant'] }),
    logInAs({ roles: ['restaurant'] }),
  ]);
  const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId });
  await createRestaurant({ ownerId: stranger.userId });
  await createMember({ restaurantId, userId: manager.userId, role: 'manager' });
  await createMember({ restaurantId, userId: kitchen.userId, role: 'kitchen' });
  return { restaurantId, owner, manager, kitchen, stranger };
}

export function staffPath({ restaurantId }: { restaurantId: string }, userId = ''): string {
  return `/api/v1/restaurants/${restaurantId}/staff${userId === '' ? '' : `/${userId}`}`;
}

/** The token of the mail, as the worker makes it. */
export async function tokenOf(invitationId: string): Promise<string> {
  const issued = await issueInvitation(invitationId);
  if (issued === null) throw new Error('the invitation is closed');
  return issued.token;
}

export async function storedInvitation(invitationId: string): Promise<StaffInvitationRow | null> {
  return StaffInvitationModel.findById(invitationId).lean<StaffInvitationRow>();
}

/** What the audit says about somebody or something, oldest first. */
export function auditAbout(subjectId: string): Promise<AuditRow[]> {
  return AuditModel.find({ subjectId }).sort({ _id: 1 }).lean<AuditRow[]>().exec();
}
