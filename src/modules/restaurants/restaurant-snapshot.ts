import { fromGeoJson, type GeoPoint } from '../../shared/geo.ts';
import type { AvailabilitySubject } from './availability.ts';
import type { RestaurantRow } from './restaurant.model.ts';

/** A restaurant as other modules see it: plain data, everything that availability and pricing ask for. */
export interface RestaurantSnapshot extends AvailabilitySubject {
  id: string;
  name: string;
  slug: string;
  ownerId: string;
  description: string;
  cuisines: string[];
  diets: string[];
  phone: string;
  addressLine: string;
  currency: string;
  location: GeoPoint;
  status: RestaurantRow['status'];
  minimumOrderMinor: number;
  prepMinutes: number;
  busyExtraPrepMinutes: number;
  feeTable: { bands: { upToMeters: number; feeMinor: number }[]; freeDeliveryOverMinor: number | null };
  serviceFeeMinor: number;
  taxRates: Record<string, number>;
  pricesIncludeTax: boolean;
  rating: { average: number; count: number };
  imageUrl: string | null;
}

export function toRestaurantSnapshot(row: RestaurantRow): RestaurantSnapshot {
  const { _id, location, feeBands, freeDeliveryOverMinor, searchTokens: _tokens, version: _version, ...rest } = row;
  const { createdAt: _createdAt, updatedAt: _updatedAt, ...shared } = rest;
  return {
    ...shared,
    id: _id,
    location: fromGeoJson(location),
    feeTable: { bands: feeBands, freeDeliveryOverMinor },
  };
}
