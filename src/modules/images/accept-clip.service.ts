import { findAsset, publishAsset, type RemoteAsset } from '../../infra/storage/index.ts';
import { clipAddress, clipAsset, originalAsset } from './asset-names.ts';
import { findDirectOriginal } from './direct-original.service.ts';
import type { ImageRow } from './image.model.ts';
import { MAX_CLIP_SECONDS } from './image-limits.ts';
import { UnusableOriginal } from './unusable-original.ts';

/**
 * Nobody has seen it so far: it shows itself once the vendor has said how long and how large it is.
 * @returns null while it may still come
 * @throws UnusableOriginal, StorageFailure
 */
export async function acceptClip(row: ImageRow) {
  // An attempt before this one may have ended after the renaming.
  const published = await findAsset(clipAsset(row));
  const found = published ?? (await findDirectOriginal(row));
  if (found === null) return null;
  const { durationSeconds } = found;
  if (durationSeconds === null) throw new UnusableOriginal('corrupt');
  if (durationSeconds > MAX_CLIP_SECONDS) throw new UnusableOriginal('too_long');
  if (published === null) await publishAsset(originalAsset(row), clipAsset(row).path);
  return { ...facts(found), picture: null, clipUrl: clipAddress(row, found.format) };
}

function facts({ format, bytes, width, height, durationSeconds }: RemoteAsset) {
  return { format, bytes, width, height, durationSeconds };
}
