import { addMs } from '../../shared/clock.ts';
import { ASSIGNMENT_MS, bufferMs, HANDOVER_MS, travelMs, TYPICAL_FIRST_MILE_METERS } from '../../shared/travel.ts';

export interface EtaInput {
  /** When the kitchen could start: the moment of the quote. */
  at: Date;
  prepMinutes: number;
  /** By road from the restaurant to the door; null: the customer collects. */
  lastMileMeters: number | null;
  /** In which the food is to be ready; null: as soon as possible. */
  slot: { startAt: Date; endAt: Date } | null;
}

/** The window shown to the customer; `to` is the promise that is kept fixed. */
export interface Eta {
  from: Date;
  to: Date;
}

/**
 * domain.md section 2.2: max(assignment + first mile, preparation) + last mile + buffer, published as a window. Of a slot it is the
 * slot, and the way; where the customer collects, there is no way.
 */
export function estimateArrival({ at, prepMinutes, lastMileMeters, slot }: EtaInput): Eta {
  const wayMs = lastMileMeters === null ? 0 : travelMs(lastMileMeters) + HANDOVER_MS;
  if (slot !== null) return { from: addMs(slot.startAt, wayMs), to: addMs(slot.endAt, wayMs) };
  const prepMs = prepMinutes * 60_000;
  const readyMs = lastMileMeters === null ? prepMs : Math.max(courierLeadMs(), prepMs);
  const ms = readyMs + wayMs;
  return { from: addMs(at, ms), to: addMs(at, ms + bufferMs(ms)) };
}

/** From asking for a courier to having one at the restaurant, while nobody knows who. */
export function courierLeadMs(): number {
  return ASSIGNMENT_MS + travelMs(TYPICAL_FIRST_MILE_METERS);
}
