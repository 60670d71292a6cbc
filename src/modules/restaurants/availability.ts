import { dateFrom } from '../../shared/clock.ts';
import { greatCircleMeters, type GeoPoint } from '../../shared/geo.ts';
import { exceptionOn, localDateOf, nextOpenInterval, type OpeningHours } from './opening-hours.ts';

export const UNAVAILABLE_REASONS = ['not_live', 'out_of_range', 'closed_exception', 'closed_hours', 'paused'] as const;
export type UnavailableReason = (typeof UNAVAILABLE_REASONS)[number];

export interface AvailabilitySubject extends OpeningHours {
  status: string;
  location: GeoPoint;
  deliveryRadiusMeters: number;
  pausedUntil: Date | null;
  busyUntil: Date | null;
}

export interface Availability {
  /** An order can be placed at this instant (for this address, when one was given). */
  isOpen: boolean;
  reason: UnavailableReason | null;
  /** Open, but slower than usual: preparation takes `busyExtraPrepMinutes` longer. */
  isBusy: boolean;
  /** Null when open, and when waiting does not help (`not_live`, `out_of_range`). */
  nextOpenAt: Date | null;
  /** Null when not open, and when the house never closes. */
  openUntil: Date | null;
  timeZone: string;
}

/**
 * The only place that decides whether a restaurant takes an order at `at`: list, availability route, quote and order all
 * ask here (domain.md section 1C). The delivery radius is a great-circle one, as the 2dsphere index measures.
 */
export function availabilityOf(restaurant: AvailabilitySubject, at: Date, location?: GeoPoint): Availability {
  if (restaurant.status !== 'live') return unavailable(restaurant, 'not_live', null);
  if (location !== undefined && !delivers(restaurant, location)) return unavailable(restaurant, 'out_of_range', null);
  const atMs = at.getTime();
  const pausedUntilMs = restaurant.pausedUntil?.getTime() ?? 0;
  const interval = nextOpenInterval(restaurant, atMs);
  if (interval === null || interval.startMs > atMs) {
    return unavailable(
      restaurant,
      closedReason(restaurant, atMs),
      firstOpeningAfter(restaurant, Math.max(atMs, pausedUntilMs)),
    );
  }
  if (pausedUntilMs > atMs) return unavailable(restaurant, 'paused', firstOpeningAfter(restaurant, pausedUntilMs));
  return {
    isOpen: true,
    reason: null,
    isBusy: isBusyAt(restaurant, at),
    nextOpenAt: null,
    openUntil: Number.isFinite(interval.endMs) ? dateFrom(interval.endMs) : null,
    timeZone: restaurant.timeZone,
  };
}

export function isBusyAt(restaurant: { busyUntil: Date | null }, at: Date): boolean {
  return restaurant.busyUntil !== null && restaurant.busyUntil > at;
}

function delivers(restaurant: AvailabilitySubject, location: GeoPoint): boolean {
  return greatCircleMeters(restaurant.location, location) <= restaurant.deliveryRadiusMeters;
}

function firstOpeningAfter(restaurant: AvailabilitySubject, fromMs: number): Date | null {
  const interval = nextOpenInterval(restaurant, fromMs);
  return interval === null ? null : dateFrom(Math.max(interval.startMs, fromMs));
}

/** An exception is the reason on its own date, and wherever the ordinary week would have been open. */
function closedReason(restaurant: AvailabilitySubject, atMs: number): UnavailableReason {
  if (exceptionOn(restaurant, localDateOf(atMs, restaurant.timeZone)) !== undefined) return 'closed_exception';
  const ordinary = nextOpenInterval({ ...restaurant, exceptions: [] }, atMs);
  return ordinary !== null && ordinary.startMs <= atMs ? 'closed_exception' : 'closed_hours';
}

function unavailable(
  restaurant: AvailabilitySubject,
  reason: UnavailableReason,
  nextOpenAt: Date | null,
): Availability {
  return { isOpen: false, reason, isBusy: false, nextOpenAt, openUntil: null, timeZone: restaurant.timeZone };
}
