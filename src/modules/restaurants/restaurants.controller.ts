import type { Request, Response } from 'express';
import { parseRequest, publicPage } from '../../http/index.ts';
import type { GeoPoint } from '../../shared/geo.ts';
import { restaurantVersions } from '../../shared/public-versions.ts';
import { nextTurnOf } from './next-turn.ts';
import { toAvailabilityAtView, toRestaurantView } from './restaurants.presenter.ts';
import { getAvailabilityRoute, getRestaurantRoute } from './restaurants.schema.ts';
import * as restaurants from './restaurants.service.ts';

export async function getRestaurant(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, getRestaurantRoute.request);
  const load = async () => {
    const { restaurant, availability, at } = await restaurants.getRestaurantPage(params.restaurantId);
    return {
      body: toRestaurantView(restaurant, availability, at),
      touches: restaurantVersions(restaurant.id),
      validUntil: nextTurnOf(restaurant, availability, at),
    };
  };
  await publicPage(req, res, { name: 'restaurant', key: params, load });
}

export async function getAvailability(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, getAvailabilityRoute.request);
  const { mode, at } = query;
  const load = async () => {
    const question = { point: pointOf(query), mode, at };
    const { availability, validUntil } = await restaurants.getAvailability(params.restaurantId, question);
    const body = toAvailabilityAtView(availability, at ?? null);
    return { body, touches: restaurantVersions(params.restaurantId), validUntil };
  };
  await publicPage(req, res, { name: 'availability', key: { ...params, ...query }, load });
}

function pointOf({ lat, lng }: { lat?: number | undefined; lng?: number | undefined }): GeoPoint | undefined {
  return lat === undefined || lng === undefined ? undefined : { lat, lng };
}
