import { Schema, model } from 'mongoose';
import { newId } from '../../shared/ids.ts';

/**
 * One log-in on one device: the family of its refresh tokens, and the `sid` of its access tokens. This row alone says whether any
 * of them is alive, so ending it needs one write and touches no token.
 */
export interface SessionRow {
  _id: string;
  userId: string;
  /** The account's at log-in; another one there ends the session. */
  sessionVersion: number;
  createdAt: Date;
  /** Absolute: refreshing does not move it. */
  expiresAt: Date;
  revokedAt: Date | null;
  revokedReason: 'logout' | 'reuse' | null;
}

const sessionSchema = new Schema<SessionRow>(
  {
    _id: { type: String, default: newId },
    userId: { type: String, required: true },
    sessionVersion: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    revokedAt: { type: Date, default: null },
    revokedReason: { type: String, enum: ['logout', 'reuse', null], default: null },
  },
  { collection: 'sessions', versionKey: false },
);
// Serves the clean-up of sessions past their life; every query goes by _id.
sessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const SessionModel = model('Session', sessionSchema);
