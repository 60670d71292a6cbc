import { withTransaction } from '../../../infra/mongo/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { attachImage, replaceImage, type AttachedImage } from '../../images/index.ts';
import { changeRestaurant } from '../../restaurants/index.ts';
import { assertWorksAt } from '../../staff/index.ts';

/** @throws AppError `not_found`, `forbidden`, `image_unusable` */
export async function setRestaurantPicture(
  { restaurantId, imageId }: { restaurantId: string; imageId: string },
  { userId }: Actor,
): Promise<AttachedImage> {
  await assertWorksAt(restaurantId, userId, 'restaurant.edit');
  return withTransaction(async (tx) => {
    const attached = await attachImage(tx, { imageId, ownerId: userId, to: { kind: 'restaurant', id: restaurantId } });
    const { picture } = attached;
    const { before } = await changeRestaurant(tx, { restaurantId }, () => ({ imageId, picture }));
    await replaceImage(tx, before.imageId, imageId);
    return attached;
  });
}

/** @throws AppError `not_found`, `forbidden` */
export async function removeRestaurantPicture(restaurantId: string, { userId }: Actor): Promise<void> {
  await assertWorksAt(restaurantId, userId, 'restaurant.edit');
  await withTransaction(async (tx) => {
    const { before } = await changeRestaurant(tx, { restaurantId }, () => ({ imageId: null, picture: null }));
    await replaceImage(tx, before.imageId, null);
  });
}
