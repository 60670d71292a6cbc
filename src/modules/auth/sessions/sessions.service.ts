import { trusted } from 'mongoose';
import { config } from '../../../config/index.ts';
import { AppError, invalidCursor } from '../../../errors/index.ts';
import { recordAudit } from '../../../infra/audit/index.ts';
import { afterCommit, withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { cutSockets } from '../../../realtime/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import type { Client } from '../../../shared/client.ts';
import { now, nowMs, secondsFromNow } from '../../../shared/clock.ts';
import { newId, randomToken } from '../../../shared/ids.ts';
import { openCursor, sealCursor } from '../../../shared/pagination.ts';
import { findUser, getUser, holdAccount, raiseSessionVersion, type UserRecord } from '../../users/index.ts';
import { findRefreshToken, storeRefreshToken } from './refresh-tokens.service.ts';
import { SessionModel, type LogInMethod, type SessionRow } from './session.model.ts';

/*
 * Two collections, because they answer two questions. `sessions` says whether a log-in is alive: one row, one conditional write to
 * end it, and every access and refresh token of the family is dead with it. `refresh_tokens` says which token of the family is the
 * current one: each is a row that goes from unspent to spent exactly once, and spent rows are kept, so that a stolen token is
 * recognised however old it is (ASVS 10.4.5, RFC 9700). A list of hashes inside the session would do the same in one document, but
 * it grows without bound or forgets.
 */

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
  const refreshToken = randomToken();
  await SessionModel.collection.insertOne(session as never, { session: tx });
  await storeRefreshToken(tx, refreshToken, { ...session, sessionId: session._id });
  return { sessionId: session._id, refreshToken };
}

/**
 * The session was used again, from there.
 * @throws AppError `refresh_token_invalid` when it has ended meanwhile
 */
export async function touchSession(tx: Tx, sessionId: string, { address }: Client): Promise<void> {
  const { matchedCount } = await SessionModel.collection.updateOne(
    { _id: sessionId as never, revokedAt: null },
    { $set: { lastUsedAt: now(), lastAddress: address } },
    { session: tx },
  );
  if (matchedCount === 0) throw new AppError('refresh_token_invalid');
}

/**
 * What was checked before the transaction, the session and the password, holds in it too: whatever takes either away (log-out, a new
 * password, suspension) comes before it, and is seen here, or waits. For every change that adds or removes a way in.
 * @throws AppError `unauthenticated` when the session has ended meanwhile
 */
export async function holdSession(tx: Tx, { sessionId, userId }: Actor): Promise<SessionRow> {
  const row = await SessionModel.collection.findOneAndUpdate(
    { _id: sessionId as never, userId, revokedAt: null },
    { $set: { lastUsedAt: now() } },
    { session: tx, returnDocument: 'after' },
  );
  const { sessionVersion } = await holdAccount(tx, userId);
  if (row?.['sessionVersion'] !== sessionVersion) throw new AppError('unauthenticated');
  return row as unknown as SessionRow;
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

interface PageQuery {
  limit: number;
  cursor?: string | undefined;
}

interface SessionPage {
  data: SessionRow[];
  limit: number;
  nextCursor: string | null;
}

/** The live sessions of the actor, the latest log-in first. */
export async function listSessions({ limit, cursor }: PageQuery, { userId }: Actor): Promise<SessionPage> {
  const scope = `sessions ${userId}`;
  const before = cursor === undefined ? null : openCursor(cursor, scope, config.quotes.secret);
  if (cursor !== undefined && typeof before !== 'string') throw invalidCursor();
  const rows = await SessionModel.find({
    ...(await liveOf(userId)),
    ...(typeof before === 'string' ? { _id: trusted({ $lt: before }) } : {}),
  })
    .sort({ _id: -1 })
    .limit(limit + 1)
    .lean<SessionRow[]>();
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { data, limit, nextCursor: hasMore ? sealCursor(last._id, scope, config.quotes.secret) : null };
}

/** @throws AppError `not_found`: ended, or somebody else's */
export async function endSession(sessionId: string, { userId }: Actor): Promise<void> {
  const live = await liveOf(userId);
  await withTransaction(async (tx) => {
    if (!(await revokeSession(tx, { ...live, _id: sessionId }, 'ended'))) throw new AppError('not_found');
    await recordAudit(tx, { event: 'auth.session_ended', subjectId: sessionId });
  });
}

/** By any token of the family, spent or not; an unknown one ends nothing. */
export async function endSessionOf(refreshToken: string): Promise<void> {
  const row = await findRefreshToken(refreshToken);
  if (row === null) return;
  const { sessionId, userId } = row;
  await withTransaction(async (tx) => {
    if (!(await revokeSession(tx, { _id: sessionId, userId }, 'logout'))) return;
    await recordAudit(tx, { event: 'auth.logged_out', actorId: userId, subjectId: sessionId });
  });
}

/** Every session of the account, also the one that asks. */
export async function logOutEverywhere({ userId }: Actor): Promise<void> {
  await withTransaction(async (tx) => {
    await raiseSessionVersion(tx, userId);
    await recordAudit(tx, { event: 'auth.logged_out_everywhere', subjectId: userId });
    afterCommit(tx, () => {
      cutSockets(`user:${userId}`);
    });
  });
}

type SessionFilter = Pick<SessionRow, '_id' | 'userId'>;

/** False when there is none that is alive: of many at once, one ends it. */
export async function revokeSession(
  tx: Tx,
  filter: SessionFilter,
  reason: NonNullable<SessionRow['revokedReason']>,
): Promise<boolean> {
  const { matchedCount } = await SessionModel.collection.updateOne(
    { ...filter, revokedAt: null } as never,
    { $set: { revokedAt: now(), revokedReason: reason } },
    { session: tx },
  );
  if (matchedCount === 0) return false;
  afterCommit(tx, () => {
    cutSockets(`session:${filter._id}`);
  });
  return true;
}

/** Of the account as it is now: a raised version has ended the sessions before it without touching their rows. */
async function liveOf(userId: string) {
  const { sessionVersion } = await getUser(userId);
  return { userId, sessionVersion, revokedAt: null, expiresAt: trusted({ $gt: now() }) };
}
