import { createRouter, publicRoute, rateLimit } from '../../../http/index.ts';
import { search, suggest } from './search.controller.ts';

export const searchRouter = createRouter();

searchRouter.get('/search', publicRoute, rateLimit('browse'), search);
searchRouter.get('/search/suggest', publicRoute, rateLimit('browse'), suggest);
