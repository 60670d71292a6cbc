import { authenticate, authorize, createRouter, rateLimit } from '../../../http/index.ts';
import * as controller from './admin-restaurants.controller.ts';

export const adminRestaurantsRouter = createRouter();

const admin = [authenticate, authorize('restaurants.manage'), rateLimit('admin')];

adminRestaurantsRouter.get('/admin/restaurants', admin, controller.listManagedRestaurants);
adminRestaurantsRouter.get('/admin/restaurants/:restaurantId', admin, controller.getManagedRestaurant);
adminRestaurantsRouter.put('/admin/restaurants/:restaurantId/status', admin, controller.setRestaurantStatus);
adminRestaurantsRouter.put('/admin/restaurants/:restaurantId/commission', admin, controller.setRestaurantCommission);
