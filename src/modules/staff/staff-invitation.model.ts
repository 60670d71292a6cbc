import { Schema, model } from 'mongoose';
import { newId } from '../../shared/ids.ts';
import { MEMBER_ROLES, type MemberRole } from './restaurant-staff.model.ts';

const INVITATION_STATUSES = ['open', 'accepted', 'revoked', 'expired'] as const;

/** After its last day. */
const KEPT_SECONDS = 30 * 24 * 3600;

export interface StaffInvitationRow {
  _id: string;
  restaurantId: string;
  /** Normalised by the request schema, as in an account. */
  email: string;
  role: MemberRole;
  /** Of the token in the last mail; null before the first one and once the invitation is closed. */
  tokenMac: string | null;
  invitedBy: string;
  status: (typeof INVITATION_STATUSES)[number];
  expiresAt: Date;
  createdAt: Date;
  updatedAt: Date;
}

const staffInvitationSchema = new Schema<StaffInvitationRow>(
  {
    _id: { type: String, default: newId },
    restaurantId: { type: String, required: true },
    email: { type: String, required: true },
    role: { type: String, enum: MEMBER_ROLES, required: true },
    tokenMac: { type: String, default: null },
    invitedBy: { type: String, required: true },
    status: { type: String, enum: INVITATION_STATUSES, required: true },
    expiresAt: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'staff_invitations', versionKey: false },
);
// Serves listStaff and inviteStaff; unique, so that an e-mail has one open invitation per restaurant.
staffInvitationSchema.index(
  { restaurantId: 1, email: 1 },
  { unique: true, partialFilterExpression: { status: 'open' } },
);
// Serves acceptInvitation. Not `$type: 'string'`: the planner does not see that an equality implies it.
staffInvitationSchema.index({ tokenMac: 1 }, { unique: true, partialFilterExpression: { tokenMac: { $gt: '' } } });
// Serves forgetStaffMember.
staffInvitationSchema.index({ email: 1 });
// Serves the clean-up: an invitation names somebody who may never have heard of us.
staffInvitationSchema.index({ expiresAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export const StaffInvitationModel = model('StaffInvitation', staffInvitationSchema);
