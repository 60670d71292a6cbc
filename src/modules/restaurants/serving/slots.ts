import { dateFrom } from '../../../shared/clock.ts';
import {
  availabilityOf,
  isBusyAt,
  type AvailabilitySubject,
  type AvailabilityQuestion,
  type UnavailableReason,
} from '../availability.ts';
import { localDay, type LocalDay } from '../local-day.ts';

export const SLOT_REASONS = ['too_soon', 'paused', 'capacity_full'] as const;
type SlotReason = (typeof SLOT_REASONS)[number];

/** In which the food is ready: to be fetched, or to be brought on its way. */
export interface Slot {
  from: Date;
  to: Date;
  reason: SlotReason | null;
}

export interface SlotDay {
  date: string;
  /** Why there is no slot; null where there is one. */
  reason: UnavailableReason | null;
  slots: Slot[];
}

export interface SlotSubject extends AvailabilitySubject {
  prepMinutes: number;
  busyExtraPrepMinutes: number;
}

export type SlotQuestion = Omit<AvailabilityQuestion, 'at'> & { now: Date };

/** Where nobody counts orders by slots of their own. */
const DEFAULT_SLOT_MINUTES = 30;

/**
 * The slots of one local date that have not passed. The kitchen must take an order at the moment at which it would have to begin, so
 * the first slot of a day lies its preparation after the opening, and the last one as much after the closing.
 */
export function slotsOn(restaurant: SlotSubject, dayNumber: number, question: SlotQuestion): SlotDay {
  const day = localDay(restaurant.timeZone, dayNumber);
  const spans = spansOf(restaurant, day, localDay(restaurant.timeZone, dayNumber + 1).startMs);
  const ahead = spans.filter(({ to }) => to > question.now);
  const judged = ahead.map((span) => ({ ...span, reason: reasonOf(restaurant, span.from, question) }));
  const slots = judged.filter((slot): slot is Slot => slot.reason === null || isSlotReason(slot.reason));
  return { date: day.date, reason: slots.length > 0 ? null : dayReasonOf(judged.map(({ reason }) => reason)), slots };
}

/** The strongest first; a date of which nothing is left is over by the hours. */
function dayReasonOf(reasons: readonly (string | null)[]): UnavailableReason {
  const strongest = (['not_live', 'mode_unavailable', 'out_of_range', 'closed_exception'] as const).find((reason) =>
    reasons.includes(reason),
  );
  return strongest ?? 'closed_hours';
}

function spansOf({ capacity }: SlotSubject, { startMs }: LocalDay, endMs: number): { from: Date; to: Date }[] {
  const slotMs = (capacity?.slotMinutes ?? DEFAULT_SLOT_MINUTES) * 60_000;
  return Array.from({ length: Math.ceil((endMs - startMs) / slotMs) }, (_, index) => {
    const fromMs = startMs + index * slotMs;
    return { from: dateFrom(fromMs), to: dateFrom(Math.min(fromMs + slotMs, endMs)) };
  });
}

function reasonOf(
  restaurant: SlotSubject,
  from: Date,
  { now, ...question }: SlotQuestion,
): UnavailableReason | 'too_soon' | null {
  const at = kitchenBeginsAt(restaurant, from);
  const { reason } = availabilityOf(restaurant, { ...question, at });
  return at < now && (reason === null || isSlotReason(reason)) ? 'too_soon' : reason;
}

function kitchenBeginsAt(restaurant: SlotSubject, readyAt: Date): Date {
  const at = dateFrom(readyAt.getTime() - restaurant.prepMinutes * 60_000);
  return isBusyAt(restaurant, at) ? dateFrom(at.getTime() - restaurant.busyExtraPrepMinutes * 60_000) : at;
}

function isSlotReason(reason: string): reason is SlotReason {
  return (SLOT_REASONS as readonly string[]).includes(reason);
}
