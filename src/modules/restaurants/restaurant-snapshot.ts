import type { FeeTable } from '../../shared/delivery-fee.ts';
import { fromGeoJson, type GeoPoint } from '../../shared/geo.ts';
import type { Picture } from '../../shared/picture.ts';
import type { AvailabilitySubject } from './availability.ts';
import type { DeliveryAreaRow, OrderMode, RestaurantRow } from './restaurant.model.ts';

/** A restaurant as other modules see it: plain data, everything that availability and pricing ask for. */
export interface RestaurantSnapshot extends AvailabilitySubject {
  id: string;
  name: string;
  slug: string;
  ownerId: string;
  brandId: string | null;
  description: string;
  cuisines: string[];
  diets: string[];
  phone: string;
  addressLine: string;
  currency: string;
  location: GeoPoint;
  modes: OrderMode[];
  deliveryAreas: DeliveryAreaRow[];
  capacity: RestaurantRow['capacity'];
  status: RestaurantRow['status'];
  minimumOrderMinor: number;
  prepMinutes: number;
  busyExtraPrepMinutes: number;
  feeTable: FeeTable;
  serviceFeeMinor: number;
  packagingFeeMinor: number;
  smallOrderFee: RestaurantRow['smallOrderFee'];
  commissionBasisPoints: number;
  autoAccept: boolean;
  taxRates: Record<string, number>;
  pricesIncludeTax: boolean;
  taxRegistration: RestaurantRow['taxRegistration'];
  rating: RestaurantRow['rating'];
  popularity: number;
  imageId: string | null;
  picture: Picture | null;
  submittedAt: Date | null;
  liveAt: Date | null;
  statusReason: string | null;
  /** Grows with every edit. */
  version: number;
}

export function toRestaurantSnapshot(row: RestaurantRow): RestaurantSnapshot {
  const { _id, location, feeBands, freeDeliveryOverMinor, searchTokens: _tokens, listKeys: _keys, ...rest } = row;
  const { createdAt: _createdAt, updatedAt: _updatedAt, ...shared } = rest;
  return {
    ...shared,
    id: _id,
    location: fromGeoJson(location),
    feeTable: { bands: feeBands, freeDeliveryOverMinor },
  };
}
