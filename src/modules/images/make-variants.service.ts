import sharp from 'sharp';
import { config } from '../../config/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import { logger } from '../../infra/observability/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { putAsset, StorageFailure } from '../../infra/storage/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { originalAsset, pictureTemplate, variantAsset } from './asset-names.ts';
import { acceptClip } from './accept-clip.service.ts';
import { fetchDirectOriginal } from './direct-original.service.ts';
import { dropAssetsOf } from './destroy-assets.service.ts';
import { IMAGE_FAILED, IMAGE_READY } from './image.events.ts';
import { images, originals, type ImageReason, type ImageRow } from './image.model.ts';
import { DAY_MS, KEPT_UNUSED_MS } from './image-limits.ts';
import { UnusableOriginal } from './unusable-original.ts';
import { CannotDecode, makeVariants } from './variants.ts';

/**
 * Makes what is shown of an image, once, whatever runs twice: only the holder of the claim finishes it, and every asset has a name
 * of its own, so that another attempt writes over the same ones.
 * @throws StorageFailure and whatever else another attempt may mend
 */
export async function makeImage(imageId: string): Promise<void> {
  const row = await claimImage(imageId);
  if (row === null) return;
  try {
    const made = row.purpose === 'clip' ? await acceptClip(row) : await makePicture(row);
    // An original that nobody has uploaded yet: whoever can still do so has time.
    if (made === null) await releaseClaim(row);
    else await finishImage(row, made);
  } catch (error) {
    const reason = permanentReason(error);
    if (reason === null) {
      await releaseClaim(row);
      throw error;
    }
    await failImage(row, reason);
  }
}

/** null: it is made, has failed or is gone. @throws Error while another attempt is under way */
async function claimImage(imageId: string): Promise<ImageRow | null> {
  const at = now();
  const row = await images().findOneAndUpdate(
    { _id: imageId, status: 'pending', claimedUntil: { $lte: at } },
    { $set: { claimedUntil: addMs(at, config.worker.jobLockMs) }, $inc: { attempts: 1 } },
    { returnDocument: 'after' },
  );
  if (row !== null) return row;
  const held = await images().findOne({ _id: imageId, status: 'pending' }, { projection: { _id: 1 } });
  if (held !== null) throw new Error(`another attempt to make ${imageId} is under way`);
  return null;
}

function heldBy({ _id, attempts }: ImageRow) {
  return { _id, attempts, status: 'pending' as const };
}

async function releaseClaim(row: ImageRow): Promise<void> {
  await images().updateOne(heldBy(row), { $set: { claimedUntil: now() } });
}

type Made = Pick<ImageRow, 'picture' | 'clipUrl'> &
  Partial<Pick<ImageRow, 'format' | 'bytes' | 'width' | 'height' | 'durationSeconds'>>;

async function makePicture(row: ImageRow): Promise<Made | null> {
  const found = await findOriginal(row);
  if (found === null) return null;
  // Between pictures nothing is kept: they are large, and none comes twice.
  sharp.cache(false);
  // A picture keeps one core busy, and the worker does other things.
  sharp.concurrency(1);
  if (!row.isDirect) await putAsset(originalAsset(row), found.bytes);
  const made = await makeVariants(found.bytes, ({ size, format, bytes }) =>
    putAsset(variantAsset(row, size, format), bytes),
  );
  return {
    picture: { imageId: row._id, urlTemplate: pictureTemplate(row), ...made },
    clipUrl: null,
    ...(found.format === null ? {} : { format: found.format, bytes: found.bytes.length }),
    width: made.width,
    height: made.height,
  };
}

/** null: not there yet. @throws UnusableOriginal */
async function findOriginal(row: ImageRow): Promise<{ bytes: Uint8Array; format: string | null } | null> {
  if (row.isDirect) return fetchDirectOriginal(row);
  const stored = await originals().findOne({ _id: row._id });
  if (stored === null) throw new UnusableOriginal('corrupt');
  return { bytes: stored.content.buffer, format: null };
}

async function finishImage(row: ImageRow, made: Made): Promise<void> {
  const isDone = await withTransaction(async (tx) => {
    const current = await images().findOne(heldBy(row), { session: tx });
    if (current === null) return false;
    const at = now();
    const sweepAt = current.attachedTo === null ? addMs(current.createdAt, KEPT_UNUSED_MS) : null;
    await images().updateOne(
      heldBy(row),
      { $set: { ...made, status: 'ready', isAwaited: false, sweepAt, updatedAt: at } },
      { session: tx },
    );
    await originals().deleteOne({ _id: row._id }, { session: tx });
    await appendOutbox(tx, [{ event: IMAGE_READY, payload: { imageId: row._id } }]);
    return true;
  });
  if (!isDone) await dropIfRemoved(row);
}

/** It was removed while its variants went up: whoever removed it may have looked before they were there. */
async function dropIfRemoved(row: ImageRow): Promise<void> {
  const current = await images().findOne({ _id: row._id }, { projection: { status: 1 } });
  if (current === null || current.status === 'removed') await dropAssetsOf(row);
}

/** For good: the row says why, and what is shown of it anywhere goes. */
export async function failImage(row: ImageRow, reason: ImageReason): Promise<void> {
  await withTransaction(async (tx) => {
    const at = now();
    const { matchedCount } = await images().updateOne(
      heldBy(row),
      { $set: { status: 'failed', reason, isAwaited: false, sweepAt: addMs(at, DAY_MS), updatedAt: at } },
      { session: tx },
    );
    if (matchedCount === 0) return;
    await originals().deleteOne({ _id: row._id }, { session: tx });
    await appendOutbox(tx, [{ event: IMAGE_FAILED, payload: { imageId: row._id } }]);
  });
  // What came directly lies there already. If that does not succeed now, it goes with the row.
  if (row.isDirect) await dropAssetsOf(row).catch(noteLeft);
}

function noteLeft(error: unknown): void {
  logger.warn({ err: error }, 'the original of a failed image is left in the cloud for now');
}

/** null: another attempt may do better. */
function permanentReason(error: unknown): ImageReason | null {
  if (error instanceof CannotDecode) return 'corrupt';
  if (error instanceof UnusableOriginal) return error.reason;
  if (error instanceof StorageFailure && error.isRefusal) return 'refused_by_provider';
  return null;
}
