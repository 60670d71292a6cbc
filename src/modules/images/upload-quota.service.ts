import { config } from '../../config/index.ts';
import { AppError, isDuplicateKey } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { quotas } from './image.model.ts';
import { DAY_MS } from './image-limits.ts';

/**
 * Takes one upload of `bytes` out of today's (UTC). A row in MongoDB counts, in the upload's own transaction: exact however many come
 * at once, and with Redis away.
 * @throws AppError `image_quota_used`
 */
export async function takeQuota(tx: Tx, { ownerId, bytes }: { ownerId: string; bytes: number }): Promise<void> {
  const { uploadsPerDay, uploadBytesPerDay } = config.images;
  const at = now();
  try {
    await quotas().updateOne(
      { _id: quotaId(ownerId, at), count: { $lt: uploadsPerDay }, bytes: { $lte: uploadBytesPerDay - bytes } },
      { $inc: { count: 1, bytes }, $setOnInsert: { expiresAt: addMs(at, 2 * DAY_MS) } },
      { session: tx, upsert: true },
    );
  } catch (cause) {
    // The row is there and does not fit the filter.
    if (!isDuplicateKey(cause)) throw cause;
    throw new AppError('image_quota_used', { cause, retryAfterSeconds: secondsToMidnight(at) });
  }
}

/** The rows that may be there of somebody. */
export function quotaDays(ownerId: string): string[] {
  return [0, 1, 2].map((days) => quotaId(ownerId, addMs(now(), -days * DAY_MS)));
}

function quotaId(ownerId: string, at: Date): string {
  return `${ownerId}-${at.toISOString().slice(0, 10)}`;
}

function secondsToMidnight(at: Date): number {
  return Math.ceil((DAY_MS - (at.getTime() % DAY_MS)) / 1000);
}
