import type { Request, Response } from 'express';
import { actorOf, created, expectedVersion, ok, parseRequest, tagVersion } from '../../../http/index.ts';
import type { RestaurantSnapshot } from '../../restaurants/index.ts';
import { toRestaurantConsole } from '../restaurant-console.presenter.ts';
import * as routes from './hours-and-areas.schema.ts';
import * as hours from './hours.service.ts';
import * as terms from './terms.service.ts';

export async function setHours(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.setHoursRoute.request);
  const edit = { ...params, ...body, expectedVersion: expectedVersion(req) };
  show(res, await hours.setHours(edit, actorOf(req)));
}

export async function addClosure(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.addClosureRoute.request);
  const edit = { ...params, ...body, expectedVersion: expectedVersion(req) };
  const restaurant = await hours.addClosure(edit, actorOf(req));
  tagVersion(res, restaurant.version);
  created(res, `/api/v1/restaurants/${restaurant.id}/console`, toRestaurantConsole(restaurant));
}

export async function removeClosure(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.removeClosureRoute.request);
  const edit = { ...params, expectedVersion: expectedVersion(req) };
  show(res, await hours.removeClosure(edit, actorOf(req)));
}

export async function setState(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.setStateRoute.request);
  show(res, await terms.setState({ ...params, ...body }, actorOf(req)));
}

export async function setDelivery(req: Request, res: Response): Promise<void> {
  const { params, body: delivery } = parseRequest(req, routes.setDeliveryRoute.request);
  const edit = { ...params, delivery, expectedVersion: expectedVersion(req) };
  show(res, await terms.setDelivery(edit, actorOf(req)));
}

export async function setCapacity(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.setCapacityRoute.request);
  const edit = { ...params, ...body, expectedVersion: expectedVersion(req) };
  show(res, await terms.setCapacity(edit, actorOf(req)));
}

function show(res: Response, restaurant: RestaurantSnapshot): void {
  tagVersion(res, restaurant.version);
  ok(res, toRestaurantConsole(restaurant));
}
