import { fetchAsset, findAsset, type RemoteAsset } from '../../infra/storage/index.ts';
import { addMs, nowMs } from '../../shared/clock.ts';
import { originalAsset } from './asset-names.ts';
import type { ImageRow } from './image.model.ts';
import { MAX_DIRECT_BYTES, MAX_PIXELS, MINUTE_MS, SIGNATURE_TTL_MS } from './image-limits.ts';
import { UnusableOriginal } from './unusable-original.ts';

/**
 * What the vendor is allowed to take under our signature. Not WebM: the local cloud cannot read how long one lasts, so
 * the limit would be a promise that no test keeps.
 */
export const DIRECT_FORMATS = { image: ['jpg', 'png', 'webp', 'avif'], video: ['mp4', 'mov'] } as const;

/**
 * What lies there, as the vendor says when we ask; what a callback says of it counts for nothing.
 * @returns null while it may still come
 * @throws UnusableOriginal
 */
export async function findDirectOriginal(row: ImageRow): Promise<RemoteAsset | null> {
  const name = originalAsset(row);
  const found = await findAsset(name);
  if (found === null) {
    if (nowMs() < addMs(row.createdAt, SIGNATURE_TTL_MS + MINUTE_MS).getTime()) return null;
    throw new UnusableOriginal('not_uploaded');
  }
  if (found.bytes > MAX_DIRECT_BYTES[name.kind]) throw new UnusableOriginal('too_large');
  if (!(DIRECT_FORMATS[name.kind] as readonly string[]).includes(found.format)) {
    throw new UnusableOriginal('wrong_format');
  }
  return found;
}

/** @throws UnusableOriginal, StorageFailure */
export async function fetchDirectOriginal(row: ImageRow): Promise<{ bytes: Uint8Array; format: string } | null> {
  const found = await findDirectOriginal(row);
  if (found === null) return null;
  if (found.width * found.height > MAX_PIXELS) throw new UnusableOriginal('too_many_pixels');
  const { format } = found;
  return { bytes: await fetchAsset(originalAsset(row), { format, maxBytes: MAX_DIRECT_BYTES.image }), format };
}
