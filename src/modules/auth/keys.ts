import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { config } from '../../config/index.ts';

/** Each use of the account secret has a key of its own, so that a value made for one means nothing to another. */
type Purpose =
  | 'device'
  | 'code'
  | 'link'
  | 'challenge'
  | 'recovery-code'
  | 'second-factor'
  | 'oauth'
  | 'export'
  | 'invitation'
  | 'statement'
  | 'document'
  | 'receipt';

/** 256 bits, from ACCOUNT_SECRET (HKDF-SHA256, RFC 5869). */
export function keyFor(purpose: Purpose): Buffer {
  return Buffer.from(hkdfSync('sha256', config.auth.accountSecret, '', `quickbite:${purpose}`, 32));
}

/** Under this form a secret is stored or looked up: who reads the store cannot send it. */
export function macOf(purpose: Purpose, text: string): string {
  return createHmac('sha256', keyFor(purpose)).update(text).digest('hex');
}

/** In constant time for two texts of equal length. */
export function isEqualMac(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
