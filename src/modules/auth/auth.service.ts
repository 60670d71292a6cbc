import { AppError } from '../../errors/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Client } from '../../shared/client.ts';
import { createUser, findUserByEmail } from '../users/index.ts';
import { readAccessToken, signAccessToken } from './access-token.ts';
import { USER_SIGNED_UP } from './auth.events.ts';
import { issueDeviceToken } from './device-token.ts';
import { finishLogIn, openLogIn, refuseLogIn, type LoggedIn, type Tokens } from './log-in.service.ts';
import { requestLink } from './links/account-links.service.ts';
import { hashNewPassword, raisePasswordCost } from './passwords/good-password.service.ts';
import { isPasswordOf } from './passwords/password-pool.ts';
import { rotateRefreshToken } from './sessions/rotation.service.ts';
import { endSessionOf, findSessionUser } from './sessions/sessions.service.ts';

interface SignUpInput {
  email: string;
  password: string;
  name: string;
  phone?: string | undefined;
}

/**
 * Account, first session and the promised mails commit together.
 * @throws AppError `password_too_common`, `email_taken`, `phone_taken`, `overloaded` (too many hashes waiting)
 */
export async function signUp({ password, ...input }: SignUpInput, client: Client): Promise<LoggedIn> {
  // Outside the transaction: hashing takes longer than a database should wait, and hides whether the e-mail is taken.
  const passwordHash = await hashNewPassword(password, input);
  return withTransaction(async (tx) => {
    const user = await createUser(tx, { ...input, passwordHash });
    await recordAudit(tx, { event: 'auth.signed_up', actorId: user.id, subjectId: user.id });
    await appendOutbox(tx, [{ event: USER_SIGNED_UP, payload: { userId: user.id } }]);
    await requestLink(tx, { kind: 'verify', email: user.email, userId: user.id });
    // Nobody is told of the device that the account was made on.
    const deviceToken = issueDeviceToken(user.email);
    return openLogIn(tx, user, { method: 'password', client: { ...client, deviceToken } });
  });
}

interface LogInInput {
  email: string;
  password: string;
}

/**
 * An unknown e-mail and a wrong password cost the same and answer the same.
 * @throws AppError `credentials_invalid`, `account_suspended` (only who knows the password learns it), `mfa_required`,
 *   `overloaded`
 */
export async function logIn({ email, password }: LogInInput, client: Client): Promise<LoggedIn> {
  const user = await findUserByEmail(email);
  const isRight = await isPasswordOf(user?.passwordHash ?? null, password);
  if (user === null || !isRight) throw refuseLogIn('password', new AppError('credentials_invalid'), user?.id ?? null);
  raisePasswordCost(user, password);
  return finishLogIn(user, { method: 'password', client });
}

/** @throws AppError `refresh_token_invalid`: unknown, expired, ended, or spent, which also ends its session */
export async function refresh(sent: string, client: Client): Promise<Tokens> {
  const { user, sessionId, refreshToken } = await rotateRefreshToken(sent, client);
  const accessToken = signAccessToken({ userId: user.id, sessionId, sessionVersion: user.sessionVersion });
  return { accessToken, refreshToken };
}

/** Ends the session with all its tokens. Says nothing about whether there was one. */
export async function logOut(refreshToken: string): Promise<void> {
  await endSessionOf(refreshToken);
}

/**
 * The verifier of HTTP and sockets. Session and account are read at each use, so that log-out, suspension and a change of roles
 * hold from the next request on. A database that is away is 503, never 401.
 * @throws AppError `token_invalid`, `token_expired`, `service_unavailable`
 */
export async function verifyAccessToken(token: string): Promise<Actor> {
  const { sessionVersion, ...claimed } = readAccessToken(token);
  const user = await findSessionUser(claimed);
  if (user?.sessionVersion !== sessionVersion) throw new AppError('token_invalid');
  return { ...claimed, roles: user.roles };
}
