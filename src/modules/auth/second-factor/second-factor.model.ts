import { Schema, model } from 'mongoose';

/** The second factor of one account. Every query goes by _id. */
export interface SecondFactorRow {
  /** The user's id. */
  _id: string;
  /** AES-256-GCM over the TOTP secret, bound to the user's id; see totp.ts. */
  sealedSecret: string;
  /** null: shown, and not yet proven; it opens and guards nothing. */
  confirmedAt: Date | null;
  /** The last time step whose code was accepted: every later code must be of a later one. */
  lastStep: number;
  /** Of the recovery codes that are left. */
  recoveryMacs: string[];
  createdAt: Date;
}

const secondFactorSchema = new Schema<SecondFactorRow>(
  {
    _id: { type: String, required: true },
    sealedSecret: { type: String, required: true },
    confirmedAt: { type: Date, default: null },
    lastStep: { type: Number, required: true },
    recoveryMacs: { type: [String], required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'second_factors', versionKey: false },
);

export const SecondFactorModel = model('SecondFactor', secondFactorSchema);
