import { Schema, model } from 'mongoose';
import type { StaffRole } from '../../shared/permissions.ts';
import { newId } from '../../shared/ids.ts';

/** What somebody may be made by invitation; the owner stands in the restaurant itself. */
export const MEMBER_ROLES = ['manager', 'kitchen'] as const satisfies readonly StaffRole[];
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** Somebody works in a restaurant. Whoever leaves loses the row; the audit log remembers. */
export interface RestaurantStaffRow {
  _id: string;
  restaurantId: string;
  userId: string;
  role: MemberRole;
  createdAt: Date;
  updatedAt: Date;
}

const restaurantStaffSchema = new Schema<RestaurantStaffRow>(
  {
    _id: { type: String, default: newId },
    restaurantId: { type: String, required: true },
    userId: { type: String, required: true },
    role: { type: String, enum: MEMBER_ROLES, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'restaurant_staff', versionKey: false },
);
// Serves assertWorksAt, listStaffIds and listStaff; unique, so that two acceptances at once make one membership.
restaurantStaffSchema.index({ restaurantId: 1, userId: 1 }, { unique: true });
// Serves listWorkplaces.
restaurantStaffSchema.index({ userId: 1, restaurantId: 1 });

export const RestaurantStaffModel = model('RestaurantStaff', restaurantStaffSchema);
