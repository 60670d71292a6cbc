import { RestaurantStaffModel, type RestaurantStaffRow } from '../../src/modules/staff/restaurant-staff.model.ts';
import { StaffInvitationModel, type StaffInvitationRow } from '../../src/modules/staff/staff-invitation.model.ts';
import { now, secondsFromNow } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';

/** Somebody works somewhere; the invitation is left out. */
export async function createMember(changes: Partial<RestaurantStaffRow> = {}): Promise<RestaurantStaffRow> {
  const row: RestaurantStaffRow = {
    _id: newId(),
    restaurantId: newId(),
    userId: newId(),
    role: 'manager',
    createdAt: now(),
    updatedAt: now(),
    ...changes,
  };
  await new RestaurantStaffModel(row).save();
  return row;
}

/** An open invitation, as after `inviteStaff`. */
export async function createInvitation(changes: Partial<StaffInvitationRow> = {}): Promise<StaffInvitationRow> {
  const row: StaffInvitationRow = {
    ...{ _id: newId(), restaurantId: newId(), email: `guest-${newId()}@example.com`, role: 'kitchen' },
    ...{ tokenMac: null, invitedBy: newId(), status: 'open', expiresAt: secondsFromNow(3600) },
    ...{ createdAt: now(), updatedAt: now() },
    ...changes,
  };
  await new StaffInvitationModel(row).save();
  return row;
}
