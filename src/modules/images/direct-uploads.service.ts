import { z } from 'zod';
import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { isGenuineCallback, signUpload as signAtVendor, type SignedUpload } from '../../infra/storage/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { addMs, now } from '../../shared/clock.ts';
import { ID_PATTERN } from '../../shared/ids.ts';
import { originalAsset } from './asset-names.ts';
import { DIRECT_FORMATS } from './direct-original.service.ts';
import { IMAGE_UPLOADED } from './image.events.ts';
import { images, type ImagePurpose, type ImageRow } from './image.model.ts';
import { MAX_DIRECT_BYTES, MINUTE_MS, SIGNATURE_TTL_MS } from './image-limits.ts';
import { takeQuota } from './upload-quota.service.ts';
import { assertStorageOn, newImage } from './uploads.service.ts';

export interface DirectUpload extends SignedUpload {
  image: ImageRow;
  maxBytes: number;
  expiresAt: Date;
}

const CALLBACK_PATH = '/api/v1/webhooks/images/cloudinary';

/**
 * One signature for one file under one name. What comes is looked at by the worker before anybody sees it.
 * @throws AppError `images_unavailable`, `image_quota_used`
 */
export async function signUpload(input: { purpose: ImagePurpose }, actor: Actor): Promise<DirectUpload> {
  assertStorageOn();
  const fresh = newImage({ ownerId: actor.userId, ...input });
  const expiresAt = addMs(fresh.createdAt, SIGNATURE_TTL_MS);
  const image = { ...fresh, isDirect: true, isAwaited: true, sweepAt: addMs(expiresAt, 2 * MINUTE_MS) };
  const name = originalAsset(image);
  const callbackUrl = `${config.server.publicUrl.replace(/\/$/, '')}${CALLBACK_PATH}`;
  const signed = await signAtVendor(name, { formats: DIRECT_FORMATS[name.kind], callbackUrl });
  const maxBytes = MAX_DIRECT_BYTES[name.kind];
  await withTransaction(async (tx) => {
    await takeQuota(tx, { ownerId: actor.userId, bytes: maxBytes });
    await images().insertOne({ ...image }, { session: tx });
  });
  return { ...signed, image, maxBytes, expiresAt };
}

const callbackSchema = z.object({ notification_type: z.string(), public_id: z.string().max(300) });

/**
 * The vendor says that something came. Believed is the name alone, and only while a row waits for it; what came the worker asks.
 * @throws AppError `upload_callback_invalid`
 */
export async function receiveImageCallback(
  rawBody: Buffer,
  headers: { timestamp: string; signature: string },
): Promise<'taken' | 'ignored'> {
  if (!isGenuineCallback(rawBody, headers)) throw new AppError('upload_callback_invalid');
  const imageId = awaitedIdOf(rawBody);
  if (imageId === null) return 'ignored';
  return withTransaction(async (tx) => {
    const { matchedCount } = await images().updateOne(
      { _id: imageId, isAwaited: true, status: 'pending' },
      { $set: { isAwaited: false, sweepAt: addMs(now(), 15 * MINUTE_MS), updatedAt: now() } },
      { session: tx },
    );
    // Said before, or of nothing that we wait for.
    if (matchedCount === 0) return 'ignored';
    await appendOutbox(tx, [{ event: IMAGE_UPLOADED, payload: { imageId } }]);
    return 'taken';
  });
}

/** null: no upload, or not of ours. */
function awaitedIdOf(rawBody: Buffer): string | null {
  try {
    const { notification_type: type, public_id: publicId } = callbackSchema.parse(JSON.parse(rawBody.toString('utf8')));
    const [folder, imageId = '', leaf, ...rest] = publicId.split('/');
    const isOurs = folder === config.images.folder && leaf === 'original' && rest.length === 0;
    return type === 'upload' && isOurs && ID_PATTERN.test(imageId) ? imageId : null;
  } catch {
    return null;
  }
}
