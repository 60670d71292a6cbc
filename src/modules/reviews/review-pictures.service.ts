import type { Tx } from '../../infra/mongo/index.ts';
import type { Picture } from '../../shared/picture.ts';
import { attachImage, type ShownImage } from '../images/index.ts';
import { ReviewModel, type ReviewRow } from './review.model.ts';

/**
 * From now on the review shows the pictures of its author.
 * @returns those that are ready; the others come by `showReviewPicture`
 * @throws AppError `image_not_found` for somebody else's, `image_unusable`
 */
export async function attachPictures(tx: Tx, { _id: id, customerId, imageIds }: ReviewRow): Promise<Picture[]> {
  const pictures: Picture[] = [];
  // One after the other: a session takes one command at a time.
  for (const [index, imageId] of imageIds.entries()) {
    const to = { kind: 'review' as const, id };
    const { picture } = await attachImage(tx, { imageId, ownerId: customerId, to, path: `imageIds.${index}` });
    if (picture !== null) pictures.push(picture);
  }
  return pictures;
}

/** What has become of a picture; any number of times. */
export async function showReviewPicture({ id, imageId, picture }: ShownImage): Promise<void> {
  const holder = { _id: id as never, imageIds: imageId };
  if (picture === null) {
    await ReviewModel.collection.updateOne(holder, { $pull: { imageIds: imageId, pictures: { imageId } } as never });
    return;
  }
  const missing = { ...holder, 'pictures.imageId': { $ne: imageId } };
  await ReviewModel.collection.updateOne(missing, { $push: { pictures: picture } as never });
}

/** In the order that the author gave them, whichever was ready first. */
export function inOrder({ imageIds, pictures }: ReviewRow): Picture[] {
  return imageIds.flatMap((id) => pictures.filter(({ imageId }) => imageId === id));
}
