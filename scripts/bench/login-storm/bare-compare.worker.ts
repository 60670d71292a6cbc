import { compareSync } from 'bcryptjs';

/** The work of one log-in that nobody can avoid. */
export function compare({ password, hash }: { password: string; hash: string }): boolean {
  return compareSync(password, hash);
}
