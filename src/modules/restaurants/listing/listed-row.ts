import type { RestaurantRow } from '../restaurant.model.ts';

/** What a card is made of, and what decides whether it is shown. Nothing else leaves the database. */
export type ListedRow = Pick<
  RestaurantRow,
  | '_id'
  | 'name'
  | 'slug'
  | 'cuisines'
  | 'diets'
  | 'timeZone'
  | 'currency'
  | 'location'
  | 'modes'
  | 'deliveryRadiusMeters'
  | 'deliveryAreas'
  | 'minimumOrderMinor'
  | 'prepMinutes'
  | 'busyExtraPrepMinutes'
  | 'feeBands'
  | 'freeDeliveryOverMinor'
  | 'hours'
  | 'exceptions'
  | 'pausedUntil'
  | 'busyUntil'
  | 'capacity'
  | 'status'
  | 'rating'
  | 'popularity'
  | 'picture'
>;

export const LISTED_FIELDS = {
  _id: 1,
  name: 1,
  slug: 1,
  cuisines: 1,
  diets: 1,
  timeZone: 1,
  currency: 1,
  location: 1,
  modes: 1,
  deliveryRadiusMeters: 1,
  deliveryAreas: 1,
  minimumOrderMinor: 1,
  prepMinutes: 1,
  busyExtraPrepMinutes: 1,
  feeBands: 1,
  freeDeliveryOverMinor: 1,
  hours: 1,
  exceptions: 1,
  pausedUntil: 1,
  busyUntil: 1,
  capacity: 1,
  status: 1,
  rating: 1,
  popularity: 1,
  picture: 1,
} as const satisfies Record<keyof ListedRow, 1>;
