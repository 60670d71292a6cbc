import { authenticate, authorize, createRouter, rateLimit } from '../../http/index.ts';
import * as controller from './coupons.controller.ts';

export const couponsRouter = createRouter();

const admin = [authenticate, authorize('coupon.manage'), rateLimit('admin')];

couponsRouter.get('/admin/coupons', admin, controller.listCoupons);
couponsRouter.post('/admin/coupons', admin, controller.createCoupon);
couponsRouter.get('/admin/coupons/:couponId', admin, controller.getCoupon);
couponsRouter.patch('/admin/coupons/:couponId', admin, controller.updateCoupon);
