import { createHmac } from 'node:crypto';
import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { counter, logger } from '../../../infra/observability/index.ts';
import { cutSockets } from '../../../realtime/index.ts';
import type { Client } from '../../../shared/client.ts';
import { now, nowMs, secondsFromNow } from '../../../shared/clock.ts';
import { newId, randomToken } from '../../../shared/ids.ts';
import { findUser, type UserRecord } from '../../users/index.ts';
import { RefreshTokenModel, type RefreshTokenRow } from './refresh-token.model.ts';
import { SessionModel, type LogInMethod, type SessionRow } from './session.model.ts';

/*
 * Two collections, because they answer two questions. `sessions` says whether a log-in is alive: one row, one conditional write to
 * end it, and every access and refresh token of the family is dead with it. `refresh_tokens` says which token of the family is the
 * current one: each is a row that goes from unspent to spent exactly once, and spent rows are kept, so that a stolen token is
 * recognised however old it is (ASVS 10.4.5, RFC 9700). A list of hashes inside the session would do the same in one document, but
 * it grows without bound or forgets.
 */

const reuses = counter('quickbite_refresh_reuse_total', 'Spent refresh tokens that were sent again');

export interface OpenSession {
  sessionId: string;
  refreshToken: string;
}

export interface NewSession {
  user: { id: string; sessionVersion: number };
  method: LogInMethod;
  deviceId: string;
  client: Pick<Client, 'address' | 'userAgent'>;
}

/** Begins a family. Its life is absolute: seven days after the log-in it ends, however often it was refreshed (ASVS 10.4.8). */
export async function openSession(tx: Tx, { user, method, deviceId, client }: NewSession): Promise<OpenSession> {
  const at = now();
  const session: SessionRow = {
    _id: newId(),
    userId: user.id,
    method,
    deviceId,
    userAgent: client.userAgent,
    lastAddress: client.address,
    lastUsedAt: at,
    sessionVersion: user.sessionVersion,
    createdAt: at,
    expiresAt: secondsFromNow(config.auth.refreshTtlSeconds),
    revokedAt: null,
    revokedReason: null,
  };
  await SessionModel.collection.insertOne(session as never, { session: tx });
  const refreshToken = await issueRefreshToken(tx, { ...session, sessionId: session._id });
  return { sessionId: session._id, refreshToken };
}

/**
 * Spends the token and issues its only child. Whoever sends a spent one, also in the same instant, ends the family: the two
 * holders cannot be told apart.
 * @throws AppError `refresh_token_invalid`
 */
export async function rotateRefreshToken(refreshToken: string): Promise<OpenSession & { user: UserRecord }> {
  const row = await findRefreshToken(refreshToken);
  const user = row === null ? null : await findSessionUser(row);
  if (row === null || user === null) throw new AppError('refresh_token_invalid');
  const child = await withTransaction(async (tx) => {
    const { matchedCount } = await RefreshTokenModel.collection.updateOne(
      { _id: row._id as never, spentAt: null },
      { $set: { spentAt: now() } },
      { session: tx },
    );
    return matchedCount === 0 ? null : issueRefreshToken(tx, row);
  });
  if (child === null) return endForReuse(row.sessionId);
  return { sessionId: row.sessionId, refreshToken: child, user };
}

/** The account behind a session, or null when either has ended. Two reads by _id, at once. */
export async function findSessionUser(claimed: { sessionId: string; userId: string }): Promise<UserRecord | null> {
  const [session, user] = await Promise.all([
    SessionModel.findById(claimed.sessionId).lean<SessionRow>(),
    findUser(claimed.userId),
  ]);
  if (session === null || user === null) return null;
  const isSessionAlive = session.revokedAt === null && session.expiresAt.getTime() > nowMs();
  const isUsers = session.userId === user.id && session.sessionVersion === user.sessionVersion;
  return isSessionAlive && isUsers && user.status === 'active' ? user : null;
}

/** By any token of the family, spent or not; an unknown one ends nothing. */
export async function endSessionOf(refreshToken: string): Promise<void> {
  const row = await findRefreshToken(refreshToken);
  if (row !== null) await revoke(row.sessionId, 'logout');
}

async function endForReuse(sessionId: string): Promise<never> {
  await revoke(sessionId, 'reuse');
  reuses.inc();
  logger.warn({ sessionId, securityEvent: 'refresh_token_reuse' }, 'a spent refresh token was sent again');
  throw new AppError('refresh_token_invalid', { info: { sessionId } });
}

async function revoke(sessionId: string, reason: NonNullable<SessionRow['revokedReason']>): Promise<void> {
  await SessionModel.collection.updateOne(
    { _id: sessionId as never, revokedAt: null },
    { $set: { revokedAt: now(), revokedReason: reason } },
  );
  cutSockets(`session:${sessionId}`);
}

type Family = Pick<RefreshTokenRow, 'sessionId' | 'userId' | 'expiresAt'>;

async function issueRefreshToken(tx: Tx, { sessionId, userId, expiresAt }: Family): Promise<string> {
  const refreshToken = randomToken();
  const row: RefreshTokenRow = { _id: hashOf(refreshToken), sessionId, userId, spentAt: null, expiresAt };
  await RefreshTokenModel.collection.insertOne(row as never, { session: tx });
  return refreshToken;
}

function findRefreshToken(refreshToken: string): Promise<RefreshTokenRow | null> {
  return RefreshTokenModel.findById(hashOf(refreshToken)).lean<RefreshTokenRow>().exec();
}

/** Keyed, so that a copy of the database is not enough to recognise a token. */
function hashOf(refreshToken: string): string {
  return createHmac('sha256', config.auth.refreshSecret).update(refreshToken).digest('hex');
}
