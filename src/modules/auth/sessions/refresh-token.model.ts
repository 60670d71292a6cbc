import { Schema, model } from 'mongoose';

/**
 * One issued refresh token. A spent one stays until its session would have ended anyway, because only a token that is still known
 * can be recognised when somebody plays it again.
 */
export interface RefreshTokenRow {
  /** HMAC of the token: who reads this collection holds no token. */
  _id: string;
  sessionId: string;
  userId: string;
  spentAt: Date | null;
  expiresAt: Date;
}

const refreshTokenSchema = new Schema<RefreshTokenRow>(
  {
    _id: { type: String, required: true },
    sessionId: { type: String, required: true },
    userId: { type: String, required: true },
    spentAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'refresh_tokens', versionKey: false },
);
// Serves the clean-up; every query goes by _id.
refreshTokenSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const RefreshTokenModel = model('RefreshToken', refreshTokenSchema);
