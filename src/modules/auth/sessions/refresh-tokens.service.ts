import { createHmac, hkdfSync } from 'node:crypto';
import { config } from '../../../config/index.ts';
import type { Tx } from '../../../infra/mongo/index.ts';
import { now, nowMs } from '../../../shared/clock.ts';
import { RefreshTokenModel, type RefreshTokenRow } from './refresh-token.model.ts';

type Family = Pick<RefreshTokenRow, 'sessionId' | 'userId' | 'expiresAt'>;

export async function storeRefreshToken(tx: Tx, refreshToken: string, family: Family): Promise<void> {
  const { sessionId, userId, expiresAt } = family;
  const row: RefreshTokenRow = { _id: hashOf(refreshToken), sessionId, userId, spentAt: null, expiresAt };
  await RefreshTokenModel.collection.insertOne(row as never, { session: tx });
}

export function findRefreshToken(refreshToken: string): Promise<RefreshTokenRow | null> {
  return RefreshTokenModel.findById(hashOf(refreshToken)).lean<RefreshTokenRow>().exec();
}

/** Its one way from unspent to spent, and the only child with it; false when somebody was first. */
export async function spendRefreshToken(tx: Tx, spent: RefreshTokenRow, child: string): Promise<boolean> {
  const { matchedCount } = await RefreshTokenModel.collection.updateOne(
    { _id: spent._id as never, spentAt: null },
    { $set: { spentAt: now() } },
    { session: tx },
  );
  if (matchedCount === 0) return false;
  await storeRefreshToken(tx, child, spent);
  return true;
}

/**
 * The only child a token can have, worked out from the token itself: whoever asks again because the answer was lost gets the same
 * one, and the database needs no token that anybody could send.
 */
export function childOf(refreshToken: string): string {
  return createHmac('sha256', childKey()).update(refreshToken).digest('base64url');
}

/** Sent again within the grace, and its child has not been used: the answer was lost on its way. */
export async function isLostAnswer(spent: string, child: string): Promise<boolean> {
  const [parent, next] = await Promise.all([findRefreshToken(spent), findRefreshToken(child)]);
  if (parent?.spentAt == null || next?.spentAt !== null) return false;
  return parent.spentAt.getTime() + config.auth.refreshGraceSeconds * 1000 >= nowMs();
}

/** Keyed, so that a copy of the database is not enough to recognise a token. */
function hashOf(refreshToken: string): string {
  return createHmac('sha256', config.auth.refreshSecret).update(refreshToken).digest('hex');
}

/** Another key than that of `hashOf`: from what is stored no child can be worked out. */
function childKey(): Buffer {
  return Buffer.from(hkdfSync('sha256', config.auth.refreshSecret, '', 'quickbite:refresh-child', 32));
}
