import type { Picture } from '../../shared/picture.ts';
import { images, type ImagePurpose } from './image.model.ts';

/** What has become of an image that a row shows. `isGone`: it failed, or was removed; the row lets go of it. */
export interface ShownImage {
  /** Of the row: the `to.id` of `attachImage`. */
  id: string;
  imageId: string;
  isGone: boolean;
  picture: Picture | null;
  clipUrl: string | null;
}

/** Writes it into the row if that still names this image; any number of times. */
export type PictureHolder = (shown: ShownImage) => Promise<void>;

const holders = new Map<ImagePurpose, PictureHolder>();

/** The module whose rows show images of this kind says how; at start. */
export function registerPictureHolder(kind: ImagePurpose, holder: PictureHolder): void {
  holders.set(kind, holder);
}

/** Brings the row that shows an image up to what the image is now; the events only say that it is time to look. */
export async function showPicture(imageId: string): Promise<void> {
  const row = await images().findOne({ _id: imageId });
  if (row?.attachedTo == null) return;
  const { status, attachedTo, picture, clipUrl } = row;
  const isGone = status === 'failed' || status === 'removed';
  if (!isGone && status !== 'ready') return;
  await holders.get(attachedTo.kind)?.({
    id: attachedTo.id,
    imageId,
    isGone,
    picture: isGone ? null : picture,
    clipUrl: isGone ? null : clipUrl,
  });
}
