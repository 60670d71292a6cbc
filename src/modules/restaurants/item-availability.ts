import { dateFrom } from '../../shared/clock.ts';
import { nextOpenInterval, type WeeklySpan } from './opening-hours.ts';

export const ITEM_UNAVAILABLE_REASONS = ['sold_out', 'out_of_stock', 'outside_mealtime'] as const;
export type ItemUnavailableReason = (typeof ITEM_UNAVAILABLE_REASONS)[number];

/** A dish, or a size or option of one, which count as never counted and always served. */
export interface ItemAvailabilitySubject {
  isAvailable: boolean;
  soldOutUntil: Date | null;
  /** Null: not counted. */
  stock?: number | null | undefined;
  /** When it is served, on the restaurant's clock; empty: always. Where the dish has none, those of its category. */
  mealtimes?: readonly WeeklySpan[] | undefined;
}

export interface ItemAvailability {
  isAvailable: boolean;
  reason: ItemUnavailableReason | null;
  /** Null while it is available, and where only a person can bring it back (switched off, none left). */
  nextAvailableAt: Date | null;
  /** End of the mealtime; null while it is not available, and when no end is in sight. */
  availableUntil: Date | null;
}

interface ItemMoment {
  at: Date;
  restaurant: { timeZone: string };
}

/**
 * The only place that decides whether a dish can be had at `at`, beside the house being open: menu, cart, quote and order all ask
 * here. What has run out is the reason before the hour is.
 */
export function itemAvailabilityOf(item: ItemAvailabilitySubject, moment: ItemMoment): ItemAvailability {
  const { isAvailable, soldOutUntil, stock = null } = item;
  const hasRunOut = stock === 0;
  if (!isAvailable) return unavailable('sold_out', null);
  if (soldOutUntil !== null && soldOutUntil > moment.at) {
    return unavailable('sold_out', hasRunOut ? null : firstServed(item, moment, soldOutUntil));
  }
  if (hasRunOut) return unavailable('out_of_stock', null);
  return servedAt(item, moment);
}

function servedAt(item: ItemAvailabilitySubject, moment: ItemMoment): ItemAvailability {
  const mealtime = mealtimeFrom(item, moment, moment.at);
  if (mealtime === null || mealtime.startMs > moment.at.getTime()) {
    return unavailable('outside_mealtime', mealtime === null ? null : dateFrom(mealtime.startMs));
  }
  const availableUntil = Number.isFinite(mealtime.endMs) ? dateFrom(mealtime.endMs) : null;
  return { isAvailable: true, reason: null, nextAvailableAt: null, availableUntil };
}

const ALWAYS = { startMs: -Infinity, endMs: Infinity };

function mealtimeFrom({ mealtimes = [] }: ItemAvailabilitySubject, { restaurant }: ItemMoment, from: Date) {
  if (mealtimes.length === 0) return ALWAYS;
  return nextOpenInterval({ timeZone: restaurant.timeZone, hours: mealtimes, exceptions: [] }, from.getTime());
}

function firstServed(item: ItemAvailabilitySubject, moment: ItemMoment, from: Date): Date | null {
  const mealtime = mealtimeFrom(item, moment, from);
  return mealtime === null ? null : dateFrom(Math.max(mealtime.startMs, from.getTime()));
}

function unavailable(reason: ItemUnavailableReason, nextAvailableAt: Date | null): ItemAvailability {
  return { isAvailable: false, reason, nextAvailableAt, availableUntil: null };
}
