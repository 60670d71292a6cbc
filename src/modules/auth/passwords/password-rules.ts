import { truncates } from 'bcryptjs';

export const PASSWORD_MIN_LENGTH = 8;

/** bcrypt reads 72 bytes and ignores the rest without a word, so that two passwords could open one account. */
export function isBeyondBcrypt(password: string): boolean {
  return truncates(password);
}
