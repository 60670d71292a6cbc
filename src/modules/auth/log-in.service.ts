import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { noteSecurityEvent, recordAudit } from '../../infra/audit/index.ts';
import { afterCommit, withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { counter } from '../../infra/observability/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import type { Role } from '../../shared/actor.ts';
import type { Client } from '../../shared/client.ts';
import { newId } from '../../shared/ids.ts';
import type { UserRecord } from '../users/index.ts';
import { signAccessToken } from './access-token.ts';
import { NEW_DEVICE } from './auth.events.ts';
import { issueDeviceToken, readDeviceToken, type KnownDevice } from './device-token.ts';
import { CHALLENGE_TTL_SECONDS, openChallenge } from './second-factor/challenge.ts';
import type { LogInMethod } from './sessions/session.model.ts';
import { openSession } from './sessions/sessions.service.ts';

export interface Tokens {
  /** A JWT, 15 minutes. */
  accessToken: string;
  /** Opaque, to be sent once. */
  refreshToken: string;
}

export interface LoggedIn extends Tokens {
  /** Makes this device known for the next log-in. */
  deviceToken: string;
  user: { id: string; email: string; name: string };
}

export interface LogInBy {
  method: LogInMethod;
  client: Client;
}

/** Without a second factor nobody of these gets in, where it is required. */
const ROLES_WITH_SECOND_FACTOR: readonly Role[] = ['support', 'admin'];

const attempts = counter('quickbite_auth_attempts_total', 'Attempts to get in', ['method', 'result']);

/**
 * The end of every way in, once the first factor has been shown: password, code, or provider.
 * @throws AppError `account_suspended`, `mfa_required` (with the challenge)
 */
export async function finishLogIn(user: UserRecord, by: LogInBy): Promise<LoggedIn> {
  if (user.status !== 'active') throw refuseLogIn(by.method, new AppError('account_suspended'), user.id);
  const mustEnrol = !user.hasSecondFactor && needsSecondFactor(user.roles);
  if (!user.hasSecondFactor && !mustEnrol) return withTransaction((tx) => openLogIn(tx, user, by));
  const { id: userId, sessionVersion } = user;
  const challenge = await openChallenge({ userId, method: by.method, sessionVersion, mustEnrol });
  attempts.inc({ method: by.method, result: 'mfa_required' });
  throw new AppError('mfa_required', {
    details: { challenge, mustEnrol, expiresInSeconds: CHALLENGE_TTL_SECONDS },
  });
}

/** Session, tokens, audit and, on a device that is not known, the notice of it: in the caller's transaction. */
export async function openLogIn(tx: Tx, user: UserRecord, { method, client }: LogInBy): Promise<LoggedIn> {
  const known = readDeviceToken(client.deviceToken, user.email);
  const isKnown = known !== null && !isOlderThan(known, user.passwordChangedAt ?? user.createdAt);
  const deviceId = isKnown ? known.deviceId : newId();
  const session = await openSession(tx, { user, method, deviceId, client });
  const { sessionId, refreshToken } = session;
  await recordAudit(tx, { event: 'auth.logged_in', actorId: user.id, subjectId: sessionId, after: { method } });
  if (!isKnown) await appendOutbox(tx, [{ event: NEW_DEVICE, payload: { userId: user.id, sessionId } }]);
  afterCommit(tx, () => {
    attempts.inc({ method, result: 'ok' });
  });
  return {
    accessToken: signAccessToken({ userId: user.id, sessionId, sessionVersion: user.sessionVersion }),
    refreshToken,
    deviceToken: issueDeviceToken(user.email, deviceId),
    user: { id: user.id, email: user.email, name: user.name },
  };
}

/** A device from before the password changed may be the thief's. Tokens carry whole seconds. */
function isOlderThan({ issuedAt }: KnownDevice, changedAt: Date): boolean {
  return issuedAt.getTime() + 1000 <= changedAt.getTime();
}

/** Counts and notes a refusal; the caller throws what it returns. */
export function refuseLogIn(method: LogInMethod | 'mfa', error: AppError, userId: string | null): AppError {
  attempts.inc({ method, result: error.code });
  noteSecurityEvent({ event: 'auth.log_in_failed', actorId: null, subjectId: userId, reason: error.code });
  return error;
}

export function needsSecondFactor(roles: readonly Role[]): boolean {
  return config.auth.isMfaRequired && roles.some((role) => ROLES_WITH_SECOND_FACTOR.includes(role));
}
