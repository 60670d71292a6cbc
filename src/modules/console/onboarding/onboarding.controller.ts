import type { Request, Response } from 'express';
import { actorOf, created, expectedVersion, ok, parseRequest, tagVersion } from '../../../http/index.ts';
import type { RestaurantSnapshot } from '../../restaurants/index.ts';
import { toRestaurantConsole } from '../restaurant-console.presenter.ts';
import * as routes from './onboarding.schema.ts';
import * as onboarding from './onboarding.service.ts';
import * as statuses from './restaurant-status.service.ts';
import * as edits from './update-restaurant.service.ts';

export async function createRestaurant(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, routes.createRestaurantRoute.request);
  const restaurant = await onboarding.createRestaurant(body, actorOf(req));
  tagVersion(res, restaurant.version);
  created(res, `/api/v1/restaurants/${restaurant.id}/console`, toRestaurantConsole(restaurant));
}

export async function getRestaurantConsole(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getRestaurantConsoleRoute.request);
  show(res, await onboarding.getRestaurantConsole(params.restaurantId, actorOf(req)));
}

export async function updateRestaurant(req: Request, res: Response): Promise<void> {
  const { params, body: change } = parseRequest(req, routes.updateRestaurantRoute.request);
  const edit = { ...params, expectedVersion: expectedVersion(req), change };
  show(res, await edits.updateRestaurant(edit, actorOf(req)));
}

export async function submitRestaurant(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.submitRestaurantRoute.request);
  show(res, await statuses.submitRestaurant(params.restaurantId, actorOf(req)));
}

export async function withdrawRestaurant(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.withdrawRestaurantRoute.request);
  show(res, await statuses.withdrawRestaurant(params.restaurantId, actorOf(req)));
}

export async function closeRestaurant(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.closeRestaurantRoute.request);
  show(res, await statuses.closeRestaurant(params.restaurantId, actorOf(req)));
}

export async function reopenRestaurant(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.reopenRestaurantRoute.request);
  show(res, await statuses.reopenRestaurant(params.restaurantId, actorOf(req)));
}

function show(res: Response, restaurant: RestaurantSnapshot): void {
  tagVersion(res, restaurant.version);
  ok(res, toRestaurantConsole(restaurant));
}
