import type { Request, Response } from 'express';
import { cachePublicly, ok, parseRequest } from '../../http/index.ts';
import type { GeoPoint } from '../../shared/geo.ts';
import { toAvailabilityAtView, toRestaurantView } from './restaurants.presenter.ts';
import { getAvailabilityRoute, getRestaurantRoute } from './restaurants.schema.ts';
import * as restaurants from './restaurants.service.ts';

/** Availability turns with the clock: a shared cache may keep an answer no longer than a customer would not mind. */
const MAX_AGE_SECONDS = 10;

export async function getRestaurant(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, getRestaurantRoute.request);
  const { restaurant, availability, at } = await restaurants.getRestaurantPage(params.restaurantId);
  cachePublicly(res, MAX_AGE_SECONDS);
  ok(res, toRestaurantView(restaurant, availability, at));
}

export async function getAvailability(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, getAvailabilityRoute.request);
  const { mode, at } = query;
  const question = { point: pointOf(query), mode, at };
  ok(res, toAvailabilityAtView(await restaurants.getAvailability(params.restaurantId, question)));
}

function pointOf({ lat, lng }: { lat?: number | undefined; lng?: number | undefined }): GeoPoint | undefined {
  return lat === undefined || lng === undefined ? undefined : { lat, lng };
}
