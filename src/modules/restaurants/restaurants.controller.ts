import type { Request, Response } from 'express';
import { cachePublicly, ok, page, parseRequest } from '../../http/index.ts';
import type { GeoPoint } from '../../shared/geo.ts';
import { toAvailabilityAtView, toRestaurantCard, toRestaurantView } from './restaurants.presenter.ts';
import {
  getAvailabilityRoute,
  getRestaurantRoute,
  listRestaurantsRoute,
  type ListRestaurantsQuery,
} from './restaurants.schema.ts';
import * as restaurants from './restaurants.service.ts';

/** Availability turns with the clock: a shared cache may keep an answer no longer than a customer would not mind. */
const MAX_AGE_SECONDS = 10;

export async function listRestaurants(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, listRestaurantsRoute.request);
  const { data, nextCursor } = await restaurants.listRestaurants(toListInput(query));
  cachePublicly(res, MAX_AGE_SECONDS);
  page(res, { data: data.map(toRestaurantCard), limit: query.limit, nextCursor });
}

export async function getRestaurant(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, getRestaurantRoute.request);
  const { restaurant, availability, at } = await restaurants.getRestaurantPage(params.restaurantId);
  cachePublicly(res, MAX_AGE_SECONDS);
  ok(res, toRestaurantView(restaurant, availability, at));
}

export async function getAvailability(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, getAvailabilityRoute.request);
  ok(res, toAvailabilityAtView(await restaurants.getAvailability(params.restaurantId, pointOf(query))));
}

function toListInput(query: ListRestaurantsQuery): restaurants.ListRestaurantsInput {
  const { radius, cuisine, q, openNow, limit, cursor } = query;
  return {
    point: pointOf(query),
    radiusMeters: radius ?? null,
    cuisines: cuisine ?? [],
    q: q ?? null,
    openNow: openNow ?? false,
    limit,
    cursor: cursor ?? null,
  };
}

function pointOf({ lat, lng }: { lat?: number | undefined; lng?: number | undefined }): GeoPoint | null {
  return lat === undefined || lng === undefined ? null : { lat, lng };
}
