import { authenticate, authorize, createRouter, rateLimit } from '../../../http/index.ts';
import { removeRestaurantPicture, setRestaurantPicture } from './pictures.controller.ts';

export const picturesRouter = createRouter();

const editor = [authenticate, authorize('restaurant.edit'), rateLimit('account')];

picturesRouter.put('/restaurants/:restaurantId/picture', editor, setRestaurantPicture);
picturesRouter.delete('/restaurants/:restaurantId/picture', editor, removeRestaurantPicture);
