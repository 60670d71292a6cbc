import { AppError } from '../../errors/index.ts';
import { noteSecurityEvent } from '../../infra/audit/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { addMs, now } from '../../shared/clock.ts';
import { findUserWithPassword } from '../users/index.ts';
import { isPasswordOf } from './passwords/password-pool.ts';
import { SessionModel } from './sessions/session.model.ts';

/** How long a log-in speaks for somebody who has no password. */
const RECENT_MS = 10 * 60_000;

/**
 * Before what cannot be undone: a phone left on a table has a session, but neither the password nor a log-in of just now.
 * @throws AppError `password_wrong`; `log_in_again` (no password, and the log-in is older than ten minutes), `overloaded`
 */
export async function assertIsPresent({ password }: { password?: string | undefined }, actor: Actor): Promise<void> {
  const user = await findUserWithPassword(actor.userId);
  if (user === null) throw new AppError('unauthenticated');
  if (user.passwordHash === null) return assertRecent(actor.sessionId);
  if (password !== undefined && (await isPasswordOf(user.passwordHash, password))) return;
  noteSecurityEvent({ event: 'auth.log_in_failed', subjectId: actor.userId, reason: 'password_wrong' });
  throw new AppError('password_wrong');
}

async function assertRecent(sessionId: string): Promise<void> {
  const session = await SessionModel.findById(sessionId, { createdAt: 1 }).lean<{ createdAt: Date }>();
  if (session === null || session.createdAt < addMs(now(), -RECENT_MS)) throw new AppError('log_in_again');
}
