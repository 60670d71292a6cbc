import { now } from '../../shared/clock.ts';
import type { Picture } from '../../shared/picture.ts';
import { RestaurantModel } from './restaurant.model.ts';

interface Shown {
  id: string;
  imageId: string;
  isGone: boolean;
  picture: Picture | null;
}

/** The worker has made the picture, or it is gone; of another image than the restaurant names nothing is changed. */
export async function showRestaurantPicture({ id, imageId, isGone, picture }: Shown): Promise<void> {
  await RestaurantModel.collection.updateOne(
    { _id: id as never, imageId },
    { $set: { picture, ...(isGone ? { imageId: null } : {}), updatedAt: now() }, $inc: { version: 1 } },
  );
}
