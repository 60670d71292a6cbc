import type { ImagePurpose } from '../../../src/modules/images/image.model.ts';
import { createImage } from '../../factories/image.ts';
import { createMenuItem } from '../../factories/menu-item.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import type { OwnershipRow, OwnershipRows, Parties, Resource } from './ownership-row.ts';
import { restaurant } from './restaurant-rows.ts';

/** Of uploads, and of the pictures of restaurants and dishes. */
export const IMAGE_ROWS: OwnershipRows = {
  'put /restaurants/:restaurantId/picture': { entitled: ['owner'], make: withPicture(restaurant, 'restaurant') },
  'delete /restaurants/:restaurantId/picture': { entitled: ['owner'], make: restaurant },
  'put /items/:itemId/picture': { entitled: ['owner'], make: withPicture(dish, 'dish') },
  'delete /items/:itemId/picture': { entitled: ['owner'], make: dish },
  'put /items/:itemId/clip': { entitled: ['owner'], make: withPicture(dish, 'clip') },
  'delete /items/:itemId/clip': { entitled: ['owner'], make: dish },
  'get /uploads/:imageId': { entitled: ['customer', 'office'], make: upload },
  'delete /uploads/:imageId': { entitled: ['customer'], make: upload },
};

/** With a picture of the sender's own. */
export function withPicture(make: OwnershipRow['make'], purpose: ImagePurpose) {
  return async (parties: Parties): Promise<Resource> => ({
    ...(await make(parties)),
    bodyOf: async ({ userId: ownerId }) => ({ imageId: (await createImage({ ownerId, purpose }))._id }),
  });
}

async function dish({ owner }: Parties): Promise<Resource> {
  const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId });
  const { _id: itemId } = await createMenuItem({ restaurantId });
  return { params: { itemId } };
}

async function upload({ customer }: Parties): Promise<Resource> {
  const { _id: imageId } = await createImage({ ownerId: customer.userId, purpose: 'profile' });
  return { params: { imageId } };
}
