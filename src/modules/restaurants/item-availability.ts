import { dateFrom } from '../../shared/clock.ts';
import { nextOpenInterval, type WeeklySpan } from './opening-hours.ts';

export const ITEM_UNAVAILABLE_REASONS = ['sold_out', 'out_of_stock', 'choices_sold_out', 'outside_mealtime'] as const;
export type ItemUnavailableReason = (typeof ITEM_UNAVAILABLE_REASONS)[number];

interface ChoiceGroup {
  /** So many must be chosen; 0: it may be left out. */
  minSelect: number;
  options: readonly ItemAvailabilitySubject[];
}

/** A dish, or a size or option of one, which count as never counted and always served. */
export interface ItemAvailabilitySubject {
  isAvailable: boolean;
  soldOutUntil: Date | null;
  /** Null: not counted. */
  stock?: number | null | undefined;
  /** When it is served, on the restaurant's clock; empty: always. Where the dish has none, those of its category. */
  mealtimes?: readonly WeeklySpan[] | undefined;
  /** Where there are any, one must be chosen. */
  sizes?: readonly ItemAvailabilitySubject[] | undefined;
  /** What must be, or may be, chosen with it: of a dish, and of an option that asks for more. */
  optionGroups?: readonly ChoiceGroup[] | undefined;
  groups?: readonly ChoiceGroup[] | undefined;
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
 * The only place that decides whether a dish can be had at `at`, beside the house being open: menu, search, cart, quote and order all
 * ask here. What has run out is the reason before the hour is; a dish that must be chosen of, and of which too little is left to choose,
 * has run out, too.
 */
export function itemAvailabilityOf(item: ItemAvailabilitySubject, moment: ItemMoment): ItemAvailability {
  const gone = goneReason(item, moment);
  if (gone === null) return servedAt(item, moment);
  return unavailable(gone, isBackByItself(item) ? firstServed(item, moment) : null);
}

function goneReason(item: ItemAvailabilitySubject, moment: ItemMoment): ItemUnavailableReason | null {
  const { isAvailable, soldOutUntil, stock = null } = item;
  if (!isAvailable || (soldOutUntil !== null && soldOutUntil > moment.at)) return 'sold_out';
  if (stock === 0) return 'out_of_stock';
  return choicesFromMs(item, moment) > moment.at.getTime() ? 'choices_sold_out' : null;
}

/** What is switched off, or of which none is left, needs a person. */
function isBackByItself({ isAvailable, stock = null }: ItemAvailabilitySubject): boolean {
  return isAvailable && stock !== 0;
}

/** From when on a size, and enough of every group, can be chosen; Infinity: not before a person does something. */
function choicesFromMs(item: ItemAvailabilitySubject, moment: ItemMoment): number {
  const { sizes = [], optionGroups = [], groups = optionGroups } = item;
  const needed = sizes.length === 0 ? groups : [...groups, { minSelect: 1, options: sizes }];
  return Math.max(-Infinity, ...needed.map((group) => groupFromMs(group, moment)));
}

/** When the last of the first `minSelect` to come back is there. */
function groupFromMs({ minSelect, options }: ChoiceGroup, moment: ItemMoment): number {
  if (minSelect === 0) return -Infinity;
  const times = options.map((option) => {
    const { isAvailable, nextAvailableAt } = itemAvailabilityOf(option, moment);
    return isAvailable ? -Infinity : (nextAvailableAt?.getTime() ?? Infinity);
  });
  return times.sort(ascending)[minSelect - 1] ?? Infinity;
}

/** Not by difference: Infinity minus Infinity is no number. */
function ascending(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
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

/** The first mealtime in which neither it nor what must be chosen with it is sold out. */
function firstServed(item: ItemAvailabilitySubject, moment: ItemMoment): Date | null {
  const fromMs = Math.max(moment.at.getTime(), item.soldOutUntil?.getTime() ?? 0, choicesFromMs(item, moment));
  if (!Number.isFinite(fromMs)) return null;
  const mealtime = mealtimeFrom(item, moment, dateFrom(fromMs));
  return mealtime === null ? null : dateFrom(Math.max(mealtime.startMs, fromMs));
}

function unavailable(reason: ItemUnavailableReason, nextAvailableAt: Date | null): ItemAvailability {
  return { isAvailable: false, reason, nextAvailableAt, availableUntil: null };
}
