import type { GeoPoint } from '../../shared/geo.ts';
import { BEFORE_PICKUP, CARRYING, type DeliveryStatus } from './delivery.machine.ts';

/** Three decimals are about a hundred metres. */
const COARSE = 1_000;

/**
 * What the parties of an order may see of the courier's position: nothing unless the delivery is live, the neighbourhood before
 * the food is picked up, the place itself after.
 */
export function shareableLocation(status: DeliveryStatus, location: GeoPoint): GeoPoint | null {
  if (CARRYING.includes(status)) return location;
  if (!BEFORE_PICKUP.includes(status)) return null;
  return { lat: Math.round(location.lat * COARSE) / COARSE, lng: Math.round(location.lng * COARSE) / COARSE };
}
