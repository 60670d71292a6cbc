import type { Request, Response } from 'express';
import { actorOf, created, noContent, ok, parseRequest } from '../../http/index.ts';
import * as coupons from './cart-coupon.service.ts';
import { toCartView } from './carts.presenter.ts';
import {
  addCartItemRoute,
  changeCartItemRoute,
  emptyCartRoute,
  getCartRoute,
  removeCartCouponRoute,
  removeCartItemRoute,
  setCartCouponRoute,
} from './carts.schema.ts';
import * as carts from './carts.service.ts';

export async function getCart(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, getCartRoute.request);
  ok(res, toCartView(await carts.getPricedCart(actorOf(req).userId, query.slot)));
}

export async function emptyCart(req: Request, res: Response): Promise<void> {
  parseRequest(req, emptyCartRoute.request);
  await carts.emptyCart(actorOf(req).userId);
  noContent(res);
}

export async function addCartItem(req: Request, res: Response): Promise<void> {
  const { query, body } = parseRequest(req, addCartItemRoute.request);
  const cart = await carts.addCartItem({ ...query, ...body }, actorOf(req).userId);
  created(res, '/api/v1/cart', toCartView(cart));
}

export async function changeCartItem(req: Request, res: Response): Promise<void> {
  const { params, query, body } = parseRequest(req, changeCartItemRoute.request);
  const cart = await carts.changeCartItem({ ...params, ...query, ...body }, actorOf(req).userId);
  ok(res, toCartView(cart));
}

export async function removeCartItem(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, removeCartItemRoute.request);
  ok(res, toCartView(await carts.removeCartItem({ ...params, ...query }, actorOf(req).userId)));
}

export async function setCartCoupon(req: Request, res: Response): Promise<void> {
  const { query, body } = parseRequest(req, setCartCouponRoute.request);
  ok(res, toCartView(await coupons.setCartCoupon({ ...query, ...body }, actorOf(req).userId)));
}

export async function removeCartCoupon(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, removeCartCouponRoute.request);
  ok(res, toCartView(await coupons.removeCartCoupon(actorOf(req).userId, query.slot)));
}
