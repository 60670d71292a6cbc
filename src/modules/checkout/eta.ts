import { addMs } from '../../shared/clock.ts';

export interface EtaInput {
  /** When the kitchen could start: the moment of the quote, or of the acceptance. */
  at: Date;
  prepMinutes: number;
  /** By road from the restaurant to the door. */
  lastMileMeters: number;
  /** By road from the courier to the restaurant; unknown before one is assigned. */
  firstMileMeters?: number | undefined;
}

export interface Eta {
  readyAt: Date;
  pickupAt: Date;
  /** The window shown to the customer; `to` is the promise that is kept fixed. */
  from: Date;
  to: Date;
}

/** domain.md section 6: 11-24 km/h in the city; the middle. */
const METERS_PER_MINUTE = 280;
/** Until an offer is taken. */
const ASSIGNMENT_MINUTES = 3;
const TYPICAL_FIRST_MILE_METERS = 1_400;
/** Parking, stairs, the bell. */
const HANDOVER_MINUTES = 3;
const BUFFER_MINUTES = 4;
const MINUTE_MS = 60_000;

/** domain.md section 2.2: max(assignment + first mile, preparation) + last mile + buffer, published as a window. */
export function estimateDelivery(input: EtaInput): Eta {
  const { at, prepMinutes, lastMileMeters, firstMileMeters = TYPICAL_FIRST_MILE_METERS } = input;
  const courierMinutes = ASSIGNMENT_MINUTES + travelMinutes(firstMileMeters);
  const pickupMinutes = Math.max(courierMinutes, prepMinutes);
  const doorMinutes = pickupMinutes + travelMinutes(lastMileMeters) + HANDOVER_MINUTES;
  const bufferMinutes = BUFFER_MINUTES + Math.ceil(doorMinutes / 10);
  return {
    readyAt: addMs(at, prepMinutes * MINUTE_MS),
    pickupAt: addMs(at, pickupMinutes * MINUTE_MS),
    from: addMs(at, doorMinutes * MINUTE_MS),
    to: addMs(at, (doorMinutes + bufferMinutes) * MINUTE_MS),
  };
}

export function travelMinutes(meters: number): number {
  return Math.ceil(meters / METERS_PER_MINUTE);
}
