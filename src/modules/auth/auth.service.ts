import { AppError } from '../../errors/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import { counter } from '../../infra/observability/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { createUser, findUserByEmail } from '../users/index.ts';
import { readAccessToken, signAccessToken } from './access-token.ts';
import { USER_SIGNED_UP } from './auth.events.ts';
import { hashPassword, isPasswordOf } from './password-pool.ts';
import {
  endSessionOf,
  findSessionUser,
  openSession,
  rotateRefreshToken,
  type OpenSession,
} from './sessions.service.ts';

interface Tokens {
  /** A JWT, 15 minutes. */
  accessToken: string;
  /** Opaque, to be sent once. */
  refreshToken: string;
}

interface LoggedIn extends Tokens {
  user: { id: string; email: string; name: string };
}

interface SignUpInput {
  email: string;
  password: string;
  name: string;
  phone?: string | undefined;
}

const attempts = counter('quickbite_auth_attempts_total', 'Attempts to get in', ['method', 'result']);

/**
 * Account, first session and the event commit together.
 * @throws AppError `email_taken`, `service_unavailable` (too many hashes waiting)
 */
export async function signUp({ password, ...input }: SignUpInput): Promise<LoggedIn> {
  // Outside the transaction: hashing takes longer than a database should wait, and hides whether the e-mail is taken.
  const passwordHash = await hashPassword(password);
  const opened = await withTransaction(async (tx) => {
    const user = await createUser(tx, { ...input, passwordHash });
    const session = await openSession(tx, user);
    await appendOutbox(tx, [{ event: USER_SIGNED_UP, payload: { userId: user.id } }]);
    return { user, session };
  });
  attempts.inc({ method: 'signup', result: 'ok' });
  return toLoggedIn(opened.user, opened.session);
}

/**
 * An unknown e-mail and a wrong password cost the same and answer the same.
 * @throws AppError `credentials_invalid`, `forbidden` (suspended; only who knows the password learns it), `service_unavailable`
 */
export async function logIn({ email, password }: { email: string; password: string }): Promise<LoggedIn> {
  const user = await findUserByEmail(email);
  const isRight = await isPasswordOf(user?.passwordHash ?? null, password);
  if (user === null || !isRight) throw refused('login', new AppError('credentials_invalid'));
  if (user.status !== 'active') throw refused('login', new AppError('forbidden'));
  const session = await withTransaction((tx) => openSession(tx, user));
  attempts.inc({ method: 'login', result: 'ok' });
  return toLoggedIn(user, session);
}

/** @throws AppError `refresh_token_invalid`: unknown, expired, ended, or spent, which also ends its session */
export async function refresh(refreshToken: string): Promise<Tokens> {
  const { user, ...session } = await rotateRefreshToken(refreshToken);
  return toTokens(user.id, session);
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
  const claims = readAccessToken(token);
  const user = await findSessionUser(claims);
  if (user === null) throw new AppError('token_invalid');
  return { ...claims, roles: user.roles };
}

function toLoggedIn(user: { id: string; email: string; name: string }, session: OpenSession): LoggedIn {
  const { id, email, name } = user;
  return { ...toTokens(id, session), user: { id, email, name } };
}

function toTokens(userId: string, { sessionId, refreshToken }: OpenSession): Tokens {
  return { accessToken: signAccessToken({ userId, sessionId }), refreshToken };
}

function refused(method: string, error: AppError): AppError {
  attempts.inc({ method, result: error.code });
  return error;
}
