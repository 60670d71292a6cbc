import type { ListRestaurantsInput } from '../../src/modules/restaurants/listing/list-input.ts';

/** A list of everything. */
export const ASK: ListRestaurantsInput = {
  point: null,
  radiusMeters: null,
  cuisines: [],
  diets: [],
  q: null,
  openNow: false,
  minRating: null,
  maxFeeMinor: null,
  mode: null,
  sort: null,
  limit: 20,
  cursor: null,
};
