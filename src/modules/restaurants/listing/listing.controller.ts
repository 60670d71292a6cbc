import type { Request, Response } from 'express';
import { parseRequest, publicPage } from '../../../http/index.ts';
import type { GeoPoint } from '../../../shared/geo.ts';
import { listVersions, versionOf } from '../../../shared/public-versions.ts';
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

export async function listRestaurants(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, listRestaurantsRoute.request);
  const load = async () => {
    const { data, nextCursor, validUntil, keys, fullIds } = await listing.listRestaurants(toListInput(query));
    const body = {
      data: data.map(toRestaurantCard),
      page: { limit: query.limit, nextCursor, hasMore: nextCursor !== null },
    };
    const isByRating = query.sort === 'rating' || query.minRating !== undefined;
    return { body, touches: listVersions({ keys, shownIds: idsOf(data), fullIds, isByRating }), validUntil };
  };
  await publicPage(req, res, { name: 'restaurants', key: query, load });
}

export async function listPopularRestaurants(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, listPopularRestaurantsRoute.request);
  const load = async () => {
    const { data, validUntil } = await popular.listPopularRestaurants(query, query.limit);
    const touches = listVersions({ keys: [], shownIds: idsOf(data) });
    return { body: { data: data.map(toRestaurantCard) }, touches, validUntil };
  };
  await publicPage(req, res, { name: 'popular', key: query, load });
}

export async function listCuisines(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, listCuisinesRoute.request);
  const keys = cuisines.cuisineKeys(pointOf(query));
  const load = async () => {
    const data = await cuisines.listCuisines(keys);
    return { body: { data }, touches: keys.map(versionOf.members) };
  };
  // By the cells of the point: neighbours share one page.
  await publicPage(req, res, { name: 'cuisines', key: { keys }, load });
}

function idsOf(data: readonly { row: { _id: string } }[]): string[] {
  return data.map(({ row }) => row._id);
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
