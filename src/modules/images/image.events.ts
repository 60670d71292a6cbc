/** Payload of each: `{ imageId }`. */
export const IMAGE_UPLOADED = 'image.uploaded';
export const IMAGE_READY = 'image.ready';
export const IMAGE_FAILED = 'image.failed';
export const IMAGE_REMOVED = 'image.removed';
