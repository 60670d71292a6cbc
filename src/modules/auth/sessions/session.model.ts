import { Schema, model } from 'mongoose';
import { newId } from '../../../shared/ids.ts';

export const LOG_IN_METHODS = ['password', 'code', 'google', 'github'] as const;
export type LogInMethod = (typeof LOG_IN_METHODS)[number];

/**
 * One log-in on one device: the family of its refresh tokens, and the `sid` of its access tokens. This row alone says whether any
 * of them is alive, so ending it needs one write and touches no token.
 */
export interface SessionRow {
  _id: string;
  userId: string;
  /** How the person got in. */
  method: LogInMethod;
  /** The device as we know it again; names the device token. */
  deviceId: string;
  /** Of the log-in; at most 256 characters. */
  userAgent: string;
  /** Address and time of the last log-in or refresh. */
  lastAddress: string;
  lastUsedAt: Date;
  /** The account's at log-in; another one there ends the session. */
  sessionVersion: number;
  createdAt: Date;
  /** Absolute: refreshing does not move it. */
  expiresAt: Date;
  revokedAt: Date | null;
  revokedReason: 'logout' | 'reuse' | 'ended' | null;
}

const sessionSchema = new Schema<SessionRow>(
  {
    _id: { type: String, default: newId },
    userId: { type: String, required: true },
    method: { type: String, enum: LOG_IN_METHODS, required: true },
    deviceId: { type: String, required: true },
    userAgent: { type: String, default: '' },
    lastAddress: { type: String, default: '' },
    lastUsedAt: { type: Date, required: true },
    sessionVersion: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    revokedAt: { type: Date, default: null },
    revokedReason: { type: String, enum: ['logout', 'reuse', 'ended', null], default: null },
  },
  { collection: 'sessions', versionKey: false },
);
// Serves listSessions.
sessionSchema.index({ userId: 1, revokedAt: 1, _id: -1 });
// Serves the clean-up of sessions past their life; every other query goes by _id.
sessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const SessionModel = model('Session', sessionSchema);
