import { AppError } from '../../../errors/index.ts';
import { recordAudit } from '../../../infra/audit/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { counter, logger } from '../../../infra/observability/index.ts';
import type { Client } from '../../../shared/client.ts';
import type { UserRecord } from '../../users/index.ts';
import type { RefreshTokenRow } from './refresh-token.model.ts';
import { childOf, findRefreshToken, isLostAnswer, spendRefreshToken } from './refresh-tokens.service.ts';
import { findSessionUser, revokeSession, touchSession, type OpenSession } from './sessions.service.ts';

const reuses = counter('quickbite_refresh_reuse_total', 'Sessions ended because a spent refresh token was sent again');

/**
 * Spends the token and issues its only child. An answer that was lost may be asked for again for some seconds, and is the same
 * child; whoever sends a spent token later, or once its child is spent, ends the family: the two holders cannot be told apart.
 * @throws AppError `refresh_token_invalid`
 */
export async function rotateRefreshToken(
  refreshToken: string,
  client: Client,
): Promise<OpenSession & { user: UserRecord }> {
  const row = await findRefreshToken(refreshToken);
  const user = row === null ? null : await findSessionUser(row);
  if (row === null || user === null) throw new AppError('refresh_token_invalid');
  const child = childOf(refreshToken);
  const isFirst = row.spentAt === null && (await withTransaction((tx) => rotate(tx, { row, child, client })));
  if (!isFirst && !(await isLostAnswer(refreshToken, child))) return endForReuse(row);
  return { sessionId: row.sessionId, refreshToken: child, user };
}

interface Rotation {
  row: RefreshTokenRow;
  child: string;
  client: Client;
}

async function rotate(tx: Tx, { row, child, client }: Rotation): Promise<boolean> {
  if (!(await spendRefreshToken(tx, row, child))) return false;
  await touchSession(tx, row.sessionId, client);
  return true;
}

async function endForReuse({ sessionId, userId }: RefreshTokenRow): Promise<never> {
  const hasEnded = await withTransaction(async (tx) => {
    if (!(await revokeSession(tx, { _id: sessionId, userId }, 'reuse'))) return false;
    // By whom is the question.
    await recordAudit(tx, { event: 'auth.refresh_reused', actorId: null, subjectId: userId, after: { sessionId } });
    return true;
  });
  if (hasEnded) {
    reuses.inc();
    logger.warn({ sessionId, securityEvent: 'refresh_token_reuse' }, 'a spent refresh token was sent again');
  }
  throw new AppError('refresh_token_invalid', { info: { sessionId } });
}
