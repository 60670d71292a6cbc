import { authenticate, authorize, createRouter, rateLimit } from '../../../http/index.ts';
import * as controller from './onboarding.controller.ts';

export const onboardingRouter = createRouter();

const open = [authenticate, authorize('account.use'), rateLimit('newRestaurant')];
const read = [authenticate, authorize('restaurant.console'), rateLimit('account')];
const edit = [authenticate, authorize('restaurant.edit'), rateLimit('account')];
const submit = [authenticate, authorize('restaurant.submit'), rateLimit('account')];

onboardingRouter.post('/restaurants', open, controller.createRestaurant);
onboardingRouter.get('/restaurants/:restaurantId/console', read, controller.getRestaurantConsole);
onboardingRouter.patch('/restaurants/:restaurantId', edit, controller.updateRestaurant);
onboardingRouter.post('/restaurants/:restaurantId/submit', submit, controller.submitRestaurant);
onboardingRouter.post('/restaurants/:restaurantId/withdraw', submit, controller.withdrawRestaurant);
onboardingRouter.post('/restaurants/:restaurantId/close', submit, controller.closeRestaurant);
onboardingRouter.post('/restaurants/:restaurantId/reopen', submit, controller.reopenRestaurant);
