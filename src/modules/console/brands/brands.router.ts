import { authenticate, authorize, createRouter, publicRoute, rateLimit } from '../../../http/index.ts';
import * as controller from './brands.controller.ts';

export const brandsRouter = createRouter();

const anybody = [publicRoute, rateLimit('browse')];
const own = [authenticate, authorize('brand.manage'), rateLimit('account')];

brandsRouter.get('/me/brands', own, controller.listBrands);
brandsRouter.post('/brands', own, controller.createBrand);
brandsRouter.get('/brands/:brandId', anybody, controller.getBrand);
brandsRouter.patch('/brands/:brandId', own, controller.updateBrand);
brandsRouter.get('/brands/:brandId/console', own, controller.getOwnBrand);
brandsRouter.get('/brands/:brandId/branches', anybody, controller.listBranches);
