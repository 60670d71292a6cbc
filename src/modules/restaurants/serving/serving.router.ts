import { createRouter, publicRoute, rateLimit } from '../../../http/index.ts';
import { checkServiceability, listSlots } from './serving.controller.ts';

export const servingRouter = createRouter();

servingRouter.get('/restaurants/:restaurantId/slots', publicRoute, rateLimit('browse'), listSlots);
servingRouter.post('/serviceability', publicRoute, rateLimit('browse'), checkServiceability);
