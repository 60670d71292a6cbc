import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import { deliveryFeeOf, type FeeTable } from '../../shared/delivery-fee.ts';
import { greatCircleMeters, toGeoJson, type GeoPoint } from '../../shared/geo.ts';
import type { DeliveryAreaRow, OrderMode } from './restaurant.model.ts';

export interface DeliverySubject {
  location: GeoPoint;
  modes: readonly OrderMode[];
  deliveryRadiusMeters: number;
  deliveryAreas: readonly DeliveryAreaRow[];
  minimumOrderMinor: number;
  feeTable: FeeTable;
}

/** On what terms a restaurant delivers to one point. */
export interface DeliveryTerms {
  /** Null where the restaurant has no areas and its radius counts. */
  areaId: string | null;
  areaName: string | null;
  feeTable: FeeTable;
  minimumOrderMinor: number;
}

type Reach = Pick<DeliverySubject, 'location' | 'modes' | 'deliveryRadiusMeters' | 'deliveryAreas'>;

/**
 * The first area that holds the point, its edges included; without areas the radius, a great-circle one, as the 2dsphere index
 * measures. Null: nobody brings anything there.
 */
export function deliveryTermsAt(restaurant: DeliverySubject, point: GeoPoint): DeliveryTerms | null {
  if (!restaurant.modes.includes('delivery')) return null;
  if (restaurant.deliveryAreas.length === 0) return isInRadius(restaurant, point) ? termsOfRadius(restaurant) : null;
  const area = areaAt(restaurant, point);
  return area === undefined ? null : termsOfArea(area);
}

/** Whether it brings food to this point, at whatever hour. */
export function deliversTo(restaurant: Reach, point: GeoPoint): boolean {
  if (!restaurant.modes.includes('delivery')) return false;
  return restaurant.deliveryAreas.length === 0
    ? isInRadius(restaurant, point)
    : areaAt(restaurant, point) !== undefined;
}

function termsOfRadius({ feeTable, minimumOrderMinor }: DeliverySubject): DeliveryTerms {
  return { areaId: null, areaName: null, feeTable, minimumOrderMinor };
}

function termsOfArea({ id, name, feeBands, freeDeliveryOverMinor, minimumOrderMinor }: DeliveryAreaRow): DeliveryTerms {
  return { areaId: id, areaName: name, feeTable: { bands: feeBands, freeDeliveryOverMinor }, minimumOrderMinor };
}

function isInRadius({ location, deliveryRadiusMeters }: Reach, point: GeoPoint): boolean {
  return greatCircleMeters(location, point) <= deliveryRadiusMeters;
}

function areaAt({ deliveryAreas }: Reach, point: GeoPoint): DeliveryAreaRow | undefined {
  const place = toGeoJson(point);
  return deliveryAreas.find(({ polygon }) => booleanPointInPolygon(place, polygon));
}

/** Delivery in three numbers, as cards and pages show it. */
export interface ShownTerms {
  minimumOrderMinor: number;
  /** For the shortest way and the smallest order. */
  deliveryFeeFromMinor: number;
  /** Null: never free. */
  freeDeliveryOverMinor: number | null;
}

/** Those of a point where its terms are given; else, number by number, the best that the restaurant offers anywhere. */
export function shownTermsOf(restaurant: DeliverySubject, atPoint: DeliveryTerms | null = null): ShownTerms {
  const offers = atPoint === null ? offersOf(restaurant) : [atPoint];
  const thresholds = offers.flatMap(({ feeTable }) => feeTable.freeDeliveryOverMinor ?? []);
  return {
    minimumOrderMinor: Math.min(...offers.map((offer) => offer.minimumOrderMinor)),
    deliveryFeeFromMinor: Math.min(...offers.map(({ feeTable }) => deliveryFeeOf(feeTable, 0, 0))),
    freeDeliveryOverMinor: thresholds.length === 0 ? null : Math.min(...thresholds),
  };
}

function offersOf(restaurant: DeliverySubject): DeliveryTerms[] {
  return restaurant.deliveryAreas.length === 0
    ? [termsOfRadius(restaurant)]
    : restaurant.deliveryAreas.map(termsOfArea);
}
