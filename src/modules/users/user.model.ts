import { Schema, model } from 'mongoose';
import { ROLES, type Role } from '../../shared/actor.ts';
import type { GeoJsonPoint } from '../../shared/geo.ts';
import { newId } from '../../shared/ids.ts';
import type { Picture } from '../../shared/picture.ts';

/** `deleted` by its own wish: nothing personal is left, the row stays for the books. */
export const USER_STATUSES = ['active', 'suspended', 'deleted'] as const;

/** Compares letters alone: ASHA, Ásha and asha are one. */
export const NAME_COLLATION = { locale: 'en', strength: 1 } as const;

export interface AddressRow {
  _id: string;
  label: string;
  line1: string;
  line2?: string;
  city: string;
  postcode?: string;
  location: GeoJsonPoint;
  instructions?: string;
}

export interface UserRow {
  _id: string;
  /** Normalised by the request schemas (trimmed, NFC, lower case), so that the unique index compares what people mean. */
  email: string;
  /** When its owner has shown that mail to it arrives. */
  emailVerifiedAt: Date | null;
  name: string;
  /** International form; one account per number. */
  phone: string | null;
  phoneVerifiedAt: Date | null;
  roles: Role[];
  /** Taken away by an admin, whom only an admin overrules: `setRole` does not give them back. Not there: none. */
  blockedRoles?: Role[];
  /** null: this person gets in by a provider or a code only. */
  passwordHash: string | null;
  passwordChangedAt: Date | null;
  /** The secrets of the second factor stand in a collection of their own. */
  hasSecondFactor: boolean;
  status: (typeof USER_STATUSES)[number];
  /** Why support suspended it. */
  statusReason: string | null;
  /** +1 ends every session of the account: log-out everywhere, suspension, a new password, other roles. */
  sessionVersion: number;
  addresses: AddressRow[];
  /** Not there: none. */
  imageId?: string | null;
  /** Of `imageId`, once it is ready. */
  picture?: Picture | null;
  createdAt: Date;
  updatedAt: Date;
}

const pointSchema = new Schema(
  { type: { type: String, enum: ['Point'], required: true }, coordinates: { type: [Number], required: true } },
  { _id: false },
);
const addressSchema = new Schema<AddressRow>({
  _id: { type: String, required: true },
  label: { type: String, required: true },
  line1: { type: String, required: true },
  line2: String,
  city: { type: String, required: true },
  postcode: String,
  location: { type: pointSchema, required: true },
  instructions: String,
});

const userSchema = new Schema<UserRow>(
  {
    _id: { type: String, default: newId },
    email: { type: String, required: true, lowercase: true, trim: true },
    emailVerifiedAt: { type: Date, default: null },
    name: { type: String, required: true },
    phone: { type: String, default: null },
    phoneVerifiedAt: { type: Date, default: null },
    roles: { type: [String], enum: ROLES, required: true },
    blockedRoles: { type: [String], enum: ROLES, default: undefined },
    passwordHash: { type: String, default: null },
    passwordChangedAt: { type: Date, default: null },
    hasSecondFactor: { type: Boolean, required: true, default: false },
    status: { type: String, enum: USER_STATUSES, required: true, default: 'active' },
    statusReason: { type: String, default: null },
    sessionVersion: { type: Number, required: true, default: 0 },
    addresses: { type: [addressSchema], default: [] },
    imageId: { type: String, default: undefined },
    picture: { type: Schema.Types.Mixed, default: undefined },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'users', versionKey: false },
);
// Serves findUserByEmail; unique, so that two sign-ups at once make one user.
userSchema.index({ email: 1 }, { unique: true });
// Serves findUserByPhone; unique among those who have one. Not `$type`: the planner would not use it for an equality.
userSchema.index({ phone: 1 }, { unique: true, partialFilterExpression: { phone: { $gt: '' } } });
// Serve listUsers: the newest of a role or a status, and the beginning of a name, whatever its case and accents. The first isLastAdmin, too.
userSchema.index({ roles: 1, _id: -1 });
userSchema.index({ status: 1, _id: -1 });
userSchema.index({ name: 1, _id: 1 }, { name: 'name_search', collation: NAME_COLLATION });

export const UserModel = model('User', userSchema);
