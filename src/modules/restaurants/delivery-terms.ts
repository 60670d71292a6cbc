import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import { deliveryFeeOf, type FeeTable } from '../../shared/delivery-fee.ts';
import { greatCircleMeters, toGeoJson, type GeoPoint } from '../../shared/geo.ts';
import type { DeliveryAreaRow } from './restaurant.model.ts';

export interface DeliverySubject {
  location: GeoPoint;
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

type Reach = Pick<DeliverySubject, 'location' | 'deliveryRadiusMeters' | 'deliveryAreas'>;

/**
 * The first area that holds the point, its edges included; without areas the radius, a great-circle one, as the 2dsphere index
 * measures. Null: nobody brings anything there.
 */
export function deliveryTermsAt(restaurant: DeliverySubject, point: GeoPoint): DeliveryTerms | null {
  if (restaurant.deliveryAreas.length === 0) {
    const { feeTable, minimumOrderMinor } = restaurant;
    return isInRadius(restaurant, point) ? { areaId: null, areaName: null, feeTable, minimumOrderMinor } : null;
  }
  const area = areaAt(restaurant, point);
  if (area === undefined) return null;
  const { id: areaId, name: areaName, feeBands: bands, freeDeliveryOverMinor, minimumOrderMinor } = area;
  return { areaId, areaName, feeTable: { bands, freeDeliveryOverMinor }, minimumOrderMinor };
}

export function isInReach(restaurant: Reach, point: GeoPoint): boolean {
  return restaurant.deliveryAreas.length === 0
    ? isInRadius(restaurant, point)
    : areaAt(restaurant, point) !== undefined;
}

function isInRadius({ location, deliveryRadiusMeters }: Reach, point: GeoPoint): boolean {
  return greatCircleMeters(location, point) <= deliveryRadiusMeters;
}

function areaAt({ deliveryAreas }: Reach, point: GeoPoint): DeliveryAreaRow | undefined {
  const place = toGeoJson(point);
  return deliveryAreas.find(({ polygon }) => booleanPointInPolygon(place, polygon));
}

/** The best that a restaurant offers anywhere, for lists and pages that know no address. */
export function bestTermsOf(restaurant: DeliverySubject): { minimumOrderMinor: number; deliveryFeeMinor: number } {
  const { deliveryAreas, feeTable, minimumOrderMinor } = restaurant;
  const everywhere = [{ bands: feeTable.bands, minimumOrderMinor }];
  const offers = deliveryAreas.map(({ feeBands, ...area }) => ({ bands: feeBands, ...area }));
  const terms = offers.length === 0 ? everywhere : offers;
  const fees = terms.map(({ bands }) => deliveryFeeOf({ bands, freeDeliveryOverMinor: null }, 0, 0));
  return {
    minimumOrderMinor: Math.min(...terms.map((offer) => offer.minimumOrderMinor)),
    deliveryFeeMinor: Math.min(...fees),
  };
}
