import type { Request, Response } from 'express';
import { actorOf, expectedVersion, ok, page, parseRequest, tagVersion } from '../../../http/index.ts';
import { toManagedRestaurant, toRestaurantConsole } from '../restaurant-console.presenter.ts';
import * as routes from './admin-restaurants.schema.ts';
import * as service from './admin-restaurants.service.ts';
import * as commissions from './restaurant-commission.service.ts';
import * as statuses from './restaurant-status.service.ts';

export async function listManagedRestaurants(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, routes.listManagedRestaurantsRoute.request);
  const { data, ...rest } = await service.listManagedRestaurants(query);
  page(res, { data: data.map(toManagedRestaurant), ...rest });
}

export async function getManagedRestaurant(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getManagedRestaurantRoute.request);
  const restaurant = await service.getManagedRestaurant(params.restaurantId);
  tagVersion(res, restaurant.version);
  ok(res, toRestaurantConsole(restaurant));
}

export async function setRestaurantStatus(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.setRestaurantStatusRoute.request);
  const decision = { ...params, ...body, expectedVersion: expectedVersion(req) };
  const restaurant = await statuses.setRestaurantStatus(decision);
  tagVersion(res, restaurant.version);
  ok(res, toRestaurantConsole(restaurant));
}

export async function setRestaurantCommission(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.setRestaurantCommissionRoute.request);
  const agreed = { ...params, ...body, expectedVersion: expectedVersion(req) };
  const restaurant = await commissions.setRestaurantCommission(agreed, actorOf(req));
  tagVersion(res, restaurant.version);
  ok(res, toRestaurantConsole(restaurant));
}
