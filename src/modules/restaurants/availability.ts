import { dateFrom } from '../../shared/clock.ts';
import type { GeoPoint } from '../../shared/geo.ts';
import { deliversTo } from './delivery-terms.ts';
import { fullSlotAt, type SlotCounts } from './kitchen-slots.ts';
import {
  exceptionOn,
  localDateOf,
  nextOpenInterval,
  openIntervalsBetween,
  type OpeningHours,
  type OpenInterval,
} from './opening-hours.ts';
import type { DeliveryAreaRow, OrderMode } from './restaurant.model.ts';

export const UNAVAILABLE_REASONS = [
  'not_live',
  'mode_unavailable',
  'out_of_range',
  'closed_exception',
  'closed_hours',
  'paused',
  'capacity_full',
] as const;
export type UnavailableReason = (typeof UNAVAILABLE_REASONS)[number];

export interface AvailabilitySubject extends OpeningHours {
  status: string;
  location: GeoPoint;
  modes: readonly OrderMode[];
  deliveryRadiusMeters: number;
  deliveryAreas: readonly DeliveryAreaRow[];
  capacity: { slotMinutes: number; maxOrders: number } | null;
  pausedUntil: Date | null;
  busyUntil: Date | null;
}

export interface AvailabilityQuestion {
  /** When the kitchen would begin: now, for an order that is wanted as soon as possible. */
  at: Date;
  /** Where the food is to be brought; of no matter where it is collected. */
  point?: GeoPoint | undefined;
  /** Without it, delivery where a point is given, and else any. */
  mode?: OrderMode | undefined;
  /** Orders taken by slot (`countTakenSlots`), for a restaurant with a capacity; without it no slot counts as full. */
  slot?: SlotCounts | undefined;
}

export interface Availability {
  /** An order can be placed at this instant (for this address and mode, when they were given). */
  isOpen: boolean;
  reason: UnavailableReason | null;
  /** Open, but slower than usual: preparation takes `busyExtraPrepMinutes` longer. */
  isBusy: boolean;
  /** Null when open, and when waiting does not help (`not_live`, `mode_unavailable`, `out_of_range`). */
  nextOpenAt: Date | null;
  /** Null when not open, and when the house never closes. */
  openUntil: Date | null;
  timeZone: string;
}

const NO_COUNTS: SlotCounts = new Map();

/**
 * The only place that decides whether a restaurant takes an order: list, availability route, slots, quote and order all ask here
 * (domain.md section 1C). Pure. What waiting cannot change is the reason before the hour is.
 */
export function availabilityOf(restaurant: AvailabilitySubject, question: AvailabilityQuestion): Availability {
  const lasting = lastingReason(restaurant, question);
  if (lasting !== null) return unavailable(restaurant, lasting, null);
  const atMs = question.at.getTime();
  const interval = nextOpenInterval(restaurant, atMs);
  const passing = passingReason(restaurant, question, {
    isOpen: holds(interval, atMs),
    isOrdinarilyOpen: () => holds(nextOpenInterval({ ...restaurant, exceptions: [] }, atMs), atMs),
  });
  if (interval === null || passing !== null) {
    return unavailable(restaurant, passing ?? 'closed_hours', firstTaking(restaurant, question));
  }
  return {
    isOpen: true,
    reason: null,
    isBusy: isBusyAt(restaurant, question.at),
    nextOpenAt: null,
    openUntil: Number.isFinite(interval.endMs) ? dateFrom(interval.endMs) : null,
    timeZone: restaurant.timeZone,
  };
}

/** What is open around the instants of many questions at once. */
interface OpenTimes {
  exact: readonly OpenInterval[];
  /** Without exceptions. */
  ordinary: readonly OpenInterval[];
}

/** For `reasonDuring`: looked up once, however many instants between the two are asked for. */
export function openTimesBetween(restaurant: AvailabilitySubject, from: Date, to: Date): OpenTimes {
  const [fromMs, toMs] = [from.getTime(), to.getTime()];
  return {
    exact: openIntervalsBetween(restaurant, fromMs, toMs),
    ordinary: openIntervalsBetween({ ...restaurant, exceptions: [] }, fromMs, toMs),
  };
}

/** The reason that `availabilityOf` gives, for one of many instants whose opening times are known. */
export function reasonDuring(
  times: OpenTimes,
  restaurant: AvailabilitySubject,
  question: AvailabilityQuestion,
): UnavailableReason | null {
  const atMs = question.at.getTime();
  return (
    lastingReason(restaurant, question) ??
    passingReason(restaurant, question, {
      isOpen: times.exact.some((interval) => holds(interval, atMs)),
      isOrdinarilyOpen: () => times.ordinary.some((interval) => holds(interval, atMs)),
    })
  );
}

export function isBusyAt(restaurant: { busyUntil: Date | null }, at: Date): boolean {
  return restaurant.busyUntil !== null && restaurant.busyUntil > at;
}

function lastingReason(
  restaurant: AvailabilitySubject,
  { point, mode = point === undefined ? undefined : 'delivery' }: AvailabilityQuestion,
): UnavailableReason | null {
  if (restaurant.status !== 'live') return 'not_live';
  if (mode !== undefined && !restaurant.modes.includes(mode)) return 'mode_unavailable';
  if (mode !== 'delivery' || point === undefined) return null;
  return deliversTo(restaurant, point) ? null : 'out_of_range';
}

interface Opening {
  isOpen: boolean;
  /** By the week alone; asked only where an exception may be the reason. */
  isOrdinarilyOpen: () => boolean;
}

function passingReason(
  restaurant: AvailabilitySubject,
  { at, slot: taken = NO_COUNTS }: AvailabilityQuestion,
  opening: Opening,
): UnavailableReason | null {
  const atMs = at.getTime();
  if (!opening.isOpen) return closedReason(restaurant, atMs, opening);
  if (restaurant.pausedUntil !== null && restaurant.pausedUntil > at) return 'paused';
  return fullSlotAt(restaurant, atMs, taken) === null ? null : 'capacity_full';
}

/** An exception is the reason on its own date, and wherever the ordinary week would have been open. */
function closedReason(restaurant: AvailabilitySubject, atMs: number, opening: Opening): UnavailableReason {
  if (exceptionOn(restaurant, localDateOf(atMs, restaurant.timeZone)) !== undefined) return 'closed_exception';
  return opening.isOrdinarilyOpen() ? 'closed_exception' : 'closed_hours';
}

function holds(interval: OpenInterval | null, atMs: number): boolean {
  return interval !== null && interval.startMs <= atMs && atMs < interval.endMs;
}

/**
 * The first instant that is open by the hours, after the pause and in a slot that is not full. Only counted slots can be full, so one
 * look more than there are counts is enough.
 */
function firstTaking(
  restaurant: AvailabilitySubject,
  { at, slot: taken = NO_COUNTS }: AvailabilityQuestion,
): Date | null {
  let candidateMs = Math.max(at.getTime(), restaurant.pausedUntil?.getTime() ?? 0);
  for (let look = 0; look <= taken.size; look += 1) {
    const interval = nextOpenInterval(restaurant, candidateMs);
    if (interval === null) return null;
    candidateMs = Math.max(interval.startMs, candidateMs);
    const full = fullSlotAt(restaurant, candidateMs, taken);
    if (full === null) return dateFrom(candidateMs);
    candidateMs = full.endMs;
  }
  return null;
}

function unavailable(
  restaurant: AvailabilitySubject,
  reason: UnavailableReason,
  nextOpenAt: Date | null,
): Availability {
  return { isOpen: false, reason, isBusy: false, nextOpenAt, openUntil: null, timeZone: restaurant.timeZone };
}
