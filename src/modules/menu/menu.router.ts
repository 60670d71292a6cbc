import { createRouter, publicRoute, rateLimit } from '../../http/index.ts';
import { getMenu } from './menu.controller.ts';

export const menuRouter = createRouter();

menuRouter.get('/restaurants/:restaurantId/menu', publicRoute, rateLimit('browse'), getMenu);
