import type { Tx } from '../../infra/mongo/index.ts';
import { RestaurantStaffModel } from './restaurant-staff.model.ts';
import { StaffInvitationModel } from './staff-invitation.model.ts';

/** The person works nowhere any more, and no invitation waits for them. `email`: null once it is forgotten. */
export async function forgetStaffMember(
  tx: Tx,
  { userId, email }: { userId: string; email: string | null },
): Promise<void> {
  await RestaurantStaffModel.collection.deleteMany({ userId }, { session: tx });
  if (email !== null) await StaffInvitationModel.collection.deleteMany({ email }, { session: tx });
}
