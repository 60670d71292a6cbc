import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import type { Picture } from '../../shared/picture.ts';
import { IMAGE_REMOVED } from './image.events.ts';
import { images, originals, type ImagePurpose, type ImageRow } from './image.model.ts';
import { MINUTE_MS } from './image-limits.ts';

/** What the row that shows it keeps. Of a pending one the rest comes by the holder's `showPicture`. */
export interface AttachedImage {
  imageId: string;
  status: 'pending' | 'ready';
  picture: Picture | null;
  clipUrl: string | null;
}

interface Attachment {
  imageId: string;
  ownerId: string;
  to: { kind: ImagePurpose; id: string };
  /** Where in the request it was named. */
  path?: string;
}

/**
 * From now on it is shown there. The same once more changes nothing.
 * @throws AppError `image_not_found` for somebody else's; `image_unusable` for what has failed, is awaited, is for something else or is shown elsewhere
 */
export async function attachImage(
  tx: Tx,
  { imageId, ownerId, to, path = 'imageId' }: Attachment,
): Promise<AttachedImage> {
  const row = await images().findOne({ _id: imageId, ownerId, status: { $ne: 'removed' } }, { session: tx });
  if (row === null) {
    const message = 'There is no such picture of yours.';
    throw new AppError('image_not_found', { details: [{ path, code: 'not_found', message }] });
  }
  const reason = reasonAgainst(row, to);
  if (reason !== null) throw new AppError('image_unusable', { details: { reason } });
  const { status, picture, clipUrl } = row;
  // Of two transactions at once the second meets a write conflict, is run again, and finds it taken; so does the worker.
  await images().updateOne(
    { _id: imageId },
    { $set: { attachedTo: to, updatedAt: now(), ...(status === 'ready' ? { sweepAt: null } : {}) } },
    { session: tx },
  );
  return { imageId, status: status === 'ready' ? 'ready' : 'pending', picture, clipUrl };
}

function reasonAgainst({ status, purpose, isAwaited, attachedTo }: ImageRow, to: Attachment['to']): string | null {
  if (status === 'failed') return 'failed';
  if (isAwaited) return 'not_uploaded';
  if (purpose !== to.kind) return 'other_purpose';
  if (attachedTo !== null && (attachedTo.kind !== to.kind || attachedTo.id !== to.id)) return 'in_use';
  return null;
}

/** It is shown nowhere any more, and its assets go. Of a null and of one that is gone already nothing is left to do. */
export async function releaseImage(tx: Tx, imageId: string | null): Promise<void> {
  if (imageId === null) return;
  const at = now();
  const { matchedCount } = await images().updateOne(
    { _id: imageId, status: { $ne: 'removed' } },
    { $set: { status: 'removed', isAwaited: false, updatedAt: at, sweepAt: addMs(at, 10 * MINUTE_MS) } },
    { session: tx },
  );
  if (matchedCount === 0) return;
  await originals().deleteOne({ _id: imageId }, { session: tx });
  await appendOutbox(tx, [{ event: IMAGE_REMOVED, payload: { imageId } }]);
}

/** The row that it was attached to is gone or shows another one; a copy of that row shows it still. */
export async function handOnImage(tx: Tx, imageId: string, to: { kind: ImagePurpose; id: string }): Promise<void> {
  await images().updateOne({ _id: imageId }, { $set: { attachedTo: to, updatedAt: now() } }, { session: tx });
}

/** For rows that come to show what another row waits for. @returns what is ready; of the others the holder hears after `tx` */
export async function joinImages(tx: Tx, imageIds: readonly string[]): Promise<Map<string, Picture>> {
  if (imageIds.length === 0) return new Map();
  const these = { _id: { $in: [...imageIds] } };
  // Written, so that a worker who finishes one meanwhile is a write conflict, and this is run again.
  await images().updateMany({ ...these, status: 'pending' }, { $set: { updatedAt: now() } }, { session: tx });
  const rows = await images()
    .find(these, { session: tx, projection: { picture: 1 } })
    .toArray();
  return new Map(rows.flatMap(({ _id, picture }) => (picture === null ? [] : [[_id, picture] as const])));
}

/** For a row that shows another one from now on: the one before goes, unless it is the same. */
export async function replaceImage(tx: Tx, before: string | null, after: string | null): Promise<void> {
  if (before !== after) await releaseImage(tx, before);
}
