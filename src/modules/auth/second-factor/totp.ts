import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { nowMs } from '../../../shared/clock.ts';
import { keyFor } from '../keys.ts';

/** What every authenticator app knows (RFC 6238); some ignore any other wish without a word. */
const SHAPE = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** One step back and one ahead: clocks differ, and people type slowly (RFC 6238, section 5.2). */
const WINDOW = 1;
/** RFC 4226, section 4: 160 bits. */
const SECRET_BYTES = 20;

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Base32. */
export function newSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** For the QR code. */
export function otpauthUri(secret: string, email: string): string {
  return new TOTP({ ...SHAPE, issuer: 'QuickBite', label: email, secret }).toString();
}

/** The time step that the code belongs to, or null for a wrong one. Whether the step was used before is the caller's question. */
export function stepOf(secret: string, code: string): number | null {
  const totp = new TOTP({ ...SHAPE, secret });
  const timestamp = nowMs();
  const delta = totp.validate({ token: code, timestamp, window: WINDOW });
  return delta === null ? null : totp.counter({ timestamp }) + delta;
}

/** Bound to the account: in the row of another one it does not open. */
export function sealSecret(secret: string, userId: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keyFor('second-factor'), iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(userId));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** null: changed, cut, of another account, or sealed under another ACCOUNT_SECRET. */
export function openSecret(sealedSecret: string, userId: string): string | null {
  const bytes = Buffer.from(sealedSecret, 'base64url');
  if (bytes.length <= IV_BYTES + TAG_BYTES) return null;
  const iv = bytes.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(CIPHER, keyFor('second-factor'), iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(userId));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return null;
  }
}
