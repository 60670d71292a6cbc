import { createRouter, publicRoute, rateLimit } from '../../../http/index.ts';
import { listCuisines, listPopularRestaurants, listRestaurants } from './listing.controller.ts';

export const listingRouter = createRouter();

listingRouter.get('/restaurants', publicRoute, rateLimit('browse'), listRestaurants);
listingRouter.get('/restaurants/popular', publicRoute, rateLimit('browse'), listPopularRestaurants);
listingRouter.get('/cuisines', publicRoute, rateLimit('browse'), listCuisines);
