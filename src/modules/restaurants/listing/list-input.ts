import type { GeoPoint } from '../../../shared/geo.ts';
import type { OrderMode } from '../restaurant.model.ts';

/** Each has one direction: the better first. */
export const LIST_SORTS = ['distance', 'rating', 'eta', 'popularity'] as const;
export type ListSort = (typeof LIST_SORTS)[number];

export interface ListRestaurantsInput {
  point: GeoPoint | null;
  radiusMeters: number | null;
  /** Any of these; empty: all. */
  cuisines: readonly string[];
  /** All of these. */
  diets: readonly string[];
  q: string | null;
  openNow: boolean;
  minRating: number | null;
  maxFeeMinor: number | null;
  mode: OrderMode | null;
  /** Null: by distance when a point is given, else by popularity. Distance and eta need a point. */
  sort: ListSort | null;
  limit: number;
  cursor: string | null;
}

export function sortOf({ sort, point }: Pick<ListRestaurantsInput, 'sort' | 'point'>): ListSort {
  return sort ?? (point === null ? 'popularity' : 'distance');
}
