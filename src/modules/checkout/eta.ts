import { addMs } from '../../shared/clock.ts';
import { ASSIGNMENT_MS, bufferMs, HANDOVER_MS, travelMs, TYPICAL_FIRST_MILE_METERS } from '../../shared/travel.ts';

export interface EtaInput {
  /** When the kitchen could start: the moment of the quote. */
  at: Date;
  prepMinutes: number;
  /** By road from the restaurant to the door. */
  lastMileMeters: number;
}

/** The window shown to the customer; `to` is the promise that is kept fixed. */
export interface Eta {
  from: Date;
  to: Date;
}

/** domain.md section 2.2: max(assignment + first mile, preparation) + last mile + buffer, published as a window. */
export function estimateDelivery({ at, prepMinutes, lastMileMeters }: EtaInput): Eta {
  const courierMs = ASSIGNMENT_MS + travelMs(TYPICAL_FIRST_MILE_METERS);
  const doorMs = Math.max(courierMs, prepMinutes * 60_000) + travelMs(lastMileMeters) + HANDOVER_MS;
  return { from: addMs(at, doorMs), to: addMs(at, doorMs + bufferMs(doorMs)) };
}
