import { pictureUrl } from '../../shared/picture.ts';
import type { AttachedImage } from './attach-image.service.ts';
import type { DirectUpload } from './direct-uploads.service.ts';
import type { ImageRow } from './image.model.ts';
import type { DirectUploadBody, ImageBody } from './images.schema.ts';

export function toImageView(row: ImageRow): ImageBody {
  const { _id: id, purpose, reason, attachedTo, picture, clipUrl, bytes, width, height, durationSeconds } = row;
  return {
    ...{ id, purpose, reason, bytes, width, height, durationSeconds, picture, clipUrl },
    // A removed one is shown to nobody.
    status: row.status === 'removed' ? 'failed' : row.status,
    isAwaited: row.isAwaited,
    imageUrl: pictureUrl(picture),
    attachedTo: attachedTo === null ? null : { kind: attachedTo.kind, id: attachedTo.id },
    createdAt: row.createdAt.toISOString(),
  };
}

export function toDirectUploadView({ image, url, fields, maxBytes, expiresAt }: DirectUpload): DirectUploadBody {
  return { image: toImageView(image), url, fields, maxBytes, expiresAt: expiresAt.toISOString() };
}

/** For whoever has just attached it. */
export function toAttachedView({ imageId, status, picture, clipUrl }: AttachedImage) {
  return { imageId, status, picture, imageUrl: pictureUrl(picture), clipUrl };
}
