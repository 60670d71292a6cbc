import { addMs } from '../../shared/clock.ts';
import { routeMeters, type GeoPoint } from '../../shared/geo.ts';
import { ASSIGNMENT_MS, bufferMs, HANDOVER_MS, travelMs, TYPICAL_FIRST_MILE_METERS } from '../../shared/travel.ts';
import { BEFORE_PICKUP, type DeliveryStatus } from './delivery.machine.ts';

export interface EtaInput {
  at: Date;
  status: DeliveryStatus;
  readyEta: Date;
  pickup: GeoPoint;
  dropoff: GeoPoint;
  /** By road, from pickup to drop-off. */
  tripMeters: number;
  /** The last known position of the courier, if there is one. */
  courier: GeoPoint | null;
}

export interface EtaWindow {
  from: Date;
  to: Date;
}

/** domain.md section 2.2: max(assignment + first mile, preparation) + last mile + buffer. Null once nobody is on the way. */
export function estimateArrival(input: EtaInput): EtaWindow | null {
  const left = remainingMs(input);
  if (left === null) return null;
  const from = addMs(input.at, left);
  return { from, to: addMs(from, bufferMs(left)) };
}

function remainingMs(input: EtaInput): number | null {
  const { status, tripMeters, courier, dropoff } = input;
  if (status === 'at_dropoff') return 0;
  if (status === 'picked_up') {
    return travelMs(courier === null ? tripMeters : routeMeters(courier, dropoff)) + HANDOVER_MS;
  }
  const pickupMs = untilPickupMs(input);
  return pickupMs === null ? null : pickupMs + travelMs(tripMeters) + HANDOVER_MS;
}

function untilPickupMs({ at, status, readyEta, pickup, courier }: EtaInput): number | null {
  const untilReadyMs = Math.max(0, readyEta.getTime() - at.getTime());
  if (status === 'at_pickup') return untilReadyMs;
  if (BEFORE_PICKUP.includes(status)) {
    const meters = courier === null ? TYPICAL_FIRST_MILE_METERS : routeMeters(courier, pickup);
    return Math.max(travelMs(meters), untilReadyMs);
  }
  const isSearching = status === 'unassigned' || status === 'offering';
  return isSearching ? Math.max(ASSIGNMENT_MS + travelMs(TYPICAL_FIRST_MILE_METERS), untilReadyMs) : null;
}
