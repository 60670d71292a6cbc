import type { Request, Response } from 'express';
import { cachePublicly, ok, page, parseRequest } from '../../../http/index.ts';
import type { GeoPoint } from '../../../shared/geo.ts';
import * as cuisines from './cuisines.service.ts';
import type { ListRestaurantsInput } from './list-input.ts';
import { toRestaurantCard } from './listing.presenter.ts';
import {
  listCuisinesRoute,
  listPopularRestaurantsRoute,
  listRestaurantsRoute,
  type ListRestaurantsQuery,
} from './listing.schema.ts';
import * as listing from './listing.service.ts';
import * as popular from './popular.service.ts';

/** Availability turns with the clock: a shared cache may keep an answer no longer than a customer would not mind. */
const MAX_AGE_SECONDS = 10;
const CUISINES_MAX_AGE_SECONDS = 60;

export async function listRestaurants(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, listRestaurantsRoute.request);
  const { data, nextCursor } = await listing.listRestaurants(toListInput(query));
  cachePublicly(res, MAX_AGE_SECONDS);
  page(res, { data: data.map(toRestaurantCard), limit: query.limit, nextCursor });
}

export async function listPopularRestaurants(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, listPopularRestaurantsRoute.request);
  const { lat, lng, limit } = query;
  const { data } = await popular.listPopularRestaurants({ lat, lng }, limit);
  cachePublicly(res, MAX_AGE_SECONDS);
  ok(res, { data: data.map(toRestaurantCard) });
}

export async function listCuisines(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, listCuisinesRoute.request);
  const data = await cuisines.listCuisines(pointOf(query));
  cachePublicly(res, CUISINES_MAX_AGE_SECONDS);
  ok(res, { data });
}

function toListInput(query: ListRestaurantsQuery): ListRestaurantsInput {
  const { cuisine = [], diet = [], openNow = false, limit, cursor = null } = query;
  return { ...boundsOf(query), point: pointOf(query), cuisines: cuisine, diets: diet, openNow, limit, cursor };
}

function boundsOf({ radius, q, minRating, maxFee, mode, sort }: ListRestaurantsQuery) {
  return {
    radiusMeters: radius ?? null,
    q: q ?? null,
    minRating: minRating ?? null,
    maxFeeMinor: maxFee ?? null,
    mode: mode ?? null,
    sort: sort ?? null,
  };
}

function pointOf({ lat, lng }: { lat?: number | undefined; lng?: number | undefined }): GeoPoint | null {
  return lat === undefined || lng === undefined ? null : { lat, lng };
}
