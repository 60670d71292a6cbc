import type { Request, Response } from 'express';
import { created, expectedVersion, ok, page, parseRequest, tagVersion } from '../../http/index.ts';
import { toCouponView } from './coupons.presenter.ts';
import * as routes from './coupons.schema.ts';
import * as coupons from './coupons.service.ts';

export async function listCoupons(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, routes.listCouponsRoute.request);
  const isActive = query.isActive === undefined ? undefined : query.isActive === 'true';
  const { data, ...rest } = await coupons.listCoupons({ ...query, isActive });
  page(res, { data: data.map(toCouponView), ...rest });
}

export async function createCoupon(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, routes.createCouponRoute.request);
  const coupon = await coupons.createCoupon(body);
  tagVersion(res, coupon.version);
  created(res, `/api/v1/admin/coupons/${coupon._id}`, toCouponView(coupon));
}

export async function getCoupon(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getCouponRoute.request);
  const coupon = await coupons.getCoupon(params.couponId);
  tagVersion(res, coupon.version);
  ok(res, toCouponView(coupon));
}

export async function updateCoupon(req: Request, res: Response): Promise<void> {
  const { params, body: change } = parseRequest(req, routes.updateCouponRoute.request);
  const coupon = await coupons.updateCoupon({ ...params, expectedVersion: expectedVersion(req), change });
  tagVersion(res, coupon.version);
  ok(res, toCouponView(coupon));
}
