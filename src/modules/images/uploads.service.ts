import { mongo } from 'mongoose';
import { AppError } from '../../errors/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { isStorageOn } from '../../infra/storage/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { addMs, now } from '../../shared/clock.ts';
import { newSecretId } from '../../shared/ids.ts';
import type { UploadedFile } from '../../shared/uploaded-file.ts';
import { releaseImage } from './attach-image.service.ts';
import { IMAGE_UPLOADED } from './image.events.ts';
import { images, originals, type ImagePurpose, type ImageRow } from './image.model.ts';
import { MINUTE_MS } from './image-limits.ts';
import { readPicture } from './upload-file.ts';
import { takeQuota } from './upload-quota.service.ts';

const FIRST_LOOK_MS = 15 * MINUTE_MS;

/** A row of somebody for something; the rest is not known yet. */
export function newImage(of: { ownerId: string; purpose: ImagePurpose }): ImageRow {
  const at = now();
  return {
    ...{ _id: newSecretId(), ...of, status: 'pending', reason: null, isDirect: false, isAwaited: false },
    ...{ format: '', bytes: 0, width: 0, height: 0, durationSeconds: null },
    ...{ attachedTo: null, picture: null, clipUrl: null },
    ...{ claimedUntil: at, attempts: 0, sweepAt: addMs(at, FIRST_LOOK_MS), createdAt: at, updatedAt: at },
  };
}

/** @throws AppError `images_unavailable` */
export function assertStorageOn(): void {
  if (!isStorageOn()) throw new AppError('images_unavailable', { retryAfterSeconds: 3600 });
}

/**
 * Row, bytes and the promise to make variants, in one transaction; the vendor hears of it from the worker.
 * @throws AppError `images_unavailable`, `image_type_unsupported`, `image_unusable`, `image_quota_used`
 */
export async function createUpload(
  input: { purpose: Exclude<ImagePurpose, 'clip'>; file: UploadedFile },
  actor: Actor,
): Promise<ImageRow> {
  assertStorageOn();
  const { purpose, file } = input;
  const { bytes } = file;
  const read = await readPicture(file);
  const row = { ...newImage({ ownerId: actor.userId, purpose }), ...read, bytes: bytes.length };
  await withTransaction(async (tx) => {
    await takeQuota(tx, { ownerId: actor.userId, bytes: bytes.length });
    await images().insertOne({ ...row }, { session: tx });
    const original = { _id: row._id, content: new mongo.Binary(bytes), createdAt: row.createdAt };
    await originals().insertOne(original, { session: tx });
    await appendOutbox(tx, [{ event: IMAGE_UPLOADED, payload: { imageId: row._id } }]);
  });
  return row;
}

const OFFICE = ['support', 'admin'];

/** @throws AppError `not_found` for somebody else's, unless support or an admin asks */
export async function getUpload(imageId: string, { userId, roles }: Actor): Promise<ImageRow> {
  const row = await images().findOne({ _id: imageId, status: { $ne: 'removed' } });
  const isTheirs = row?.ownerId === userId || roles.some((role) => OFFICE.includes(role));
  if (row === null || !isTheirs) throw new AppError('not_found');
  return row;
}

/** @throws AppError `not_found` for somebody else's; `image_in_use` for one that is shown: it goes where it is shown */
export async function deleteUpload(imageId: string, { userId }: Actor): Promise<void> {
  await withTransaction(async (tx) => {
    const row = await images().findOne({ _id: imageId, ownerId: userId, status: { $ne: 'removed' } }, { session: tx });
    if (row === null) throw new AppError('not_found');
    const isShown = row.attachedTo !== null && row.status !== 'failed';
    if (isShown) throw new AppError('image_in_use');
    await releaseImage(tx, imageId);
  });
}
