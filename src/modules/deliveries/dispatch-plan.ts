import { addMs } from '../../shared/clock.ts';
import { travelMs, TYPICAL_FIRST_MILE_METERS } from '../../shared/travel.ts';

/** domain.md section 2.2, T4: how far each round looks; later rounds stay at the last. */
const RADII_METERS = [1_500, 3_000, 5_000, 8_000] as const;
export const LARGEST_RADIUS_METERS = 8_000;

/** For being asked, and for saying yes. */
const LEAD_MS = 2 * 60_000;
/** With nobody to ask, the next ring is tried soon; the last ring waits as long as an offer lives. */
const EMPTY_ROUND_MS = 2_000;

/** T4: offers start so that the courier comes when the food does, and never in the past. */
export function dispatchAt(readyEta: Date, at: Date): Date {
  const wanted = addMs(readyEta, -travelMs(TYPICAL_FIRST_MILE_METERS) - LEAD_MS);
  return wanted > at ? wanted : at;
}

/** `round` counts from 1. */
export function radiusMetersOf(round: number): number {
  return RADII_METERS[round - 1] ?? LARGEST_RADIUS_METERS;
}

/** How long to wait after a round in which `openOffers` couriers are thinking. */
export function roundMs(round: number, openOffers: number, offerTtlMs: number): number {
  const isLastRing = round >= RADII_METERS.length;
  return openOffers > 0 || isLastRing ? offerTtlMs : Math.min(EMPTY_ROUND_MS, offerTtlMs);
}
