import { Schema, model } from 'mongoose';
import { newId } from '../../../shared/ids.ts';
import { PROVIDERS, type ProviderName } from './provider-names.ts';

/** An account at a provider that opens an account of ours. */
export interface IdentityRow {
  _id: string;
  userId: string;
  provider: ProviderName;
  /** The provider's own name for the account. Never the e-mail: that can pass to somebody else. */
  subject: string;
  /** As the provider told it when the two were linked; for show only. */
  email: string | null;
  linkedAt: Date;
  /** +1 with each removal of one of the user's: two removals at once must see each other. */
  removals: number;
}

const identitySchema = new Schema<IdentityRow>(
  {
    _id: { type: String, default: newId },
    userId: { type: String, required: true },
    provider: { type: String, enum: PROVIDERS, required: true },
    subject: { type: String, required: true },
    email: { type: String, default: null },
    linkedAt: { type: Date, required: true },
    removals: { type: Number, required: true, default: 0 },
  },
  { collection: 'identities', versionKey: false },
);
// Serves findIdentity; unique, so that first log-ins at once make one account.
identitySchema.index({ provider: 1, subject: 1 }, { unique: true });
// Serves listIdentities and unlinkIdentity; unique, so that an account has one identity of each provider.
identitySchema.index({ userId: 1, provider: 1 }, { unique: true });

export const IdentityModel = model('Identity', identitySchema);
