import { now } from '../../../shared/clock.ts';
import { feeBandsAt, type FeeBand } from '../../../shared/delivery-fee.ts';
import { fromGeoJson, routeMeters, type GeoPoint } from '../../../shared/geo.ts';
import { availabilityOf, type Availability } from '../availability.ts';
import { deliversTo, deliveryTermsAt, type DeliveryTerms } from '../delivery-terms.ts';
import { findSlotCounts } from '../kitchen-slots.service.ts';
import type { RestaurantSnapshot } from '../restaurant-snapshot.ts';
import { getLiveRestaurant } from '../restaurants.service.ts';
import { findZoneAt, type ZoneAt } from '../zones.service.ts';
import { reachingQuery } from './serviceability.queries.ts';

export interface Serviceability {
  /** Null: QuickBite does not work there. */
  zone: ZoneAt | null;
  restaurantCount: number;
  /** There may be more than were counted. */
  hasMore: boolean;
  restaurant: ServingRestaurant | null;
}

export interface ServingRestaurant {
  restaurant: RestaurantSnapshot;
  availability: Availability;
  /** By road, as the fee counts it. */
  distanceMeters: number;
  /** Null: it does not deliver there. */
  terms: (DeliveryTerms & { feeBands: FeeBand[] }) | null;
}

/** So many rows are looked at: whoever asks wants to know whether, not how many thousand. */
const MAX_COUNTED = 500;

/**
 * Who delivers to this point, and on what terms one of them does.
 * @throws AppError `not_found` (no such live restaurant)
 */
export async function checkServiceability(point: GeoPoint, restaurantId?: string): Promise<Serviceability> {
  const [zone, rows, restaurant] = await Promise.all([
    findZoneAt(point),
    reachingQuery(point, MAX_COUNTED).toArray(),
    restaurantId === undefined ? null : servingAt(restaurantId, point),
  ]);
  const reaching = rows.filter((row) => deliversTo({ ...row, location: fromGeoJson(row.location) }, point));
  return { zone, restaurantCount: reaching.length, hasMore: rows.length === MAX_COUNTED, restaurant };
}

async function servingAt(restaurantId: string, point: GeoPoint): Promise<ServingRestaurant> {
  const restaurant = await getLiveRestaurant(restaurantId);
  const at = now();
  const slot = await findSlotCounts(restaurant, at);
  const distanceMeters = routeMeters(restaurant.location, point);
  const terms = deliveryTermsAt(restaurant, point);
  return {
    restaurant,
    availability: availabilityOf(restaurant, { at, point, mode: 'delivery', slot }),
    distanceMeters,
    terms: terms === null ? null : { ...terms, feeBands: feeBandsAt(terms.feeTable, distanceMeters) },
  };
}
