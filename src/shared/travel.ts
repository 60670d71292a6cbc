/** domain.md section 6: couriers make 11-24 km/h in the city; the middle, per minute. */
const METERS_PER_MINUTE = 280;
const MINUTE_MS = 60_000;

/** Of the courier who will come, while nobody knows who. */
export const TYPICAL_FIRST_MILE_METERS = 1_400;
/** Until an offer is taken. */
export const ASSIGNMENT_MS = 3 * MINUTE_MS;
/** Parking, stairs, the bell. */
export const HANDOVER_MS = 3 * MINUTE_MS;

export function travelMs(meters: number): number {
  return Math.ceil((meters / METERS_PER_MINUTE) * MINUTE_MS);
}

/** What is added to a forecast of `ms`: a fixed part, and a tenth. */
export function bufferMs(ms: number): number {
  return 4 * MINUTE_MS + Math.ceil(ms / 10);
}
