import { createRouter, publicRoute, rateLimit } from '../../http/index.ts';
import { getAvailability, getRestaurant } from './restaurants.controller.ts';

export const restaurantsRouter = createRouter();

restaurantsRouter.get('/restaurants/:restaurantId', publicRoute, rateLimit('browse'), getRestaurant);
restaurantsRouter.get('/restaurants/:restaurantId/availability', publicRoute, rateLimit('browse'), getAvailability);
