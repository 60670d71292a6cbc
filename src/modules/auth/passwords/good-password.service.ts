import { getRounds } from 'bcryptjs';
import { config } from '../../../config/index.ts';
import { AppError, isAppError } from '../../../errors/index.ts';
import { runDetached } from '../../../infra/lifecycle/index.ts';
import { replacePasswordHash, type UserWithPassword } from '../../users/index.ts';
import { isCommonPassword } from './most-chosen-passwords.ts';
import { isContextWord, type PasswordOwner } from './context-words.ts';
import { hashPassword } from './password-pool.ts';

/**
 * Checks and hashes a password that is to be set; outside a transaction, since hashing takes longer than a database should wait.
 * @throws AppError `password_too_common`, `overloaded` (too many hashes waiting)
 */
export async function hashNewPassword(password: string, owner: PasswordOwner): Promise<string> {
  if (isContextWord(password, owner) || (await isCommonPassword(password))) throw new AppError('password_too_common');
  return hashPassword(password);
}

/**
 * After a log-in with the right password: a hash of a lower cost than today's is made anew. Beside the request, and only while the
 * old hash stands; when the pool is busy, the next log-in does it. Until then such an account answers a little faster than one that
 * does not exist.
 */
export function raisePasswordCost({ id, passwordHash }: UserWithPassword, password: string): void {
  if (passwordHash === null || getRounds(passwordHash) >= config.auth.bcryptCost) return;
  runDetached('raise password cost', async () => {
    try {
      await replacePasswordHash(id, passwordHash, await hashPassword(password));
    } catch (error) {
      if (!isAppError(error, 'overloaded')) throw error;
    }
  });
}
