import { authenticate, authorize, createRouter, rateLimit } from '../../../http/index.ts';
import * as controller from './hours-and-areas.controller.ts';

export const hoursAndAreasRouter = createRouter();

const edit = [authenticate, authorize('restaurant.edit'), rateLimit('account')];
const pause = [authenticate, authorize('restaurant.pause'), rateLimit('account')];

hoursAndAreasRouter.put('/restaurants/:restaurantId/hours', edit, controller.setHours);
hoursAndAreasRouter.post('/restaurants/:restaurantId/closures', edit, controller.addClosure);
hoursAndAreasRouter.delete('/restaurants/:restaurantId/closures/:date', edit, controller.removeClosure);
hoursAndAreasRouter.put('/restaurants/:restaurantId/state', pause, controller.setState);
hoursAndAreasRouter.put('/restaurants/:restaurantId/delivery', edit, controller.setDelivery);
hoursAndAreasRouter.put('/restaurants/:restaurantId/capacity', edit, controller.setCapacity);
