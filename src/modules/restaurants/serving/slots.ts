import { AppError } from '../../../errors/index.ts';
import { dateFrom } from '../../../shared/clock.ts';
import {
  isBusyAt,
  openTimesBetween,
  reasonDuring,
  type AvailabilitySubject,
  type AvailabilityQuestion,
  type UnavailableReason,
} from '../availability.ts';
import { localDay, localDayNumberAt, type LocalDay } from '../local-day.ts';
import { exceptionOn, nextOpenInterval } from '../opening-hours.ts';

export const SLOT_REASONS = ['too_soon', 'too_far_ahead', 'paused', 'capacity_full'] as const;
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
  /** When it would be told otherwise by the clock alone; null: it is over. */
  validUntil: Date | null;
}

export interface SlotSubject extends AvailabilitySubject {
  prepMinutes: number;
  busyExtraPrepMinutes: number;
}

export type SlotQuestion = Omit<AvailabilityQuestion, 'at'> & {
  now: Date;
  /** How long before a slot begins it can be ordered for; without it always. */
  horizonMs?: number | undefined;
};

/** Where nobody counts orders by slots of their own. */
const DEFAULT_SLOT_MINUTES = 30;

/** A slot, or what would have been one. */
export interface AskedSlot {
  from: Date;
  to: Date;
  /** When its kitchen begins: the instant whose capacity it takes. */
  beginsAt: Date;
  /** Why it cannot be had; null: it can. */
  reason: UnavailableReason | SlotReason | null;
}

/**
 * The slots of one local date that have not passed. The kitchen must take an order at the moment at which it would have to begin, so
 * the first slot of a day lies its preparation after the opening, and the last one as much after the closing.
 */
export function slotsOn(restaurant: SlotSubject, dayNumber: number, question: SlotQuestion): SlotDay {
  const judged = judgedSpans(restaurant, dayNumber, question);
  const slots = judged.flatMap(({ from, to, reason }): Slot[] =>
    reason === null || isSlotReason(reason) ? [{ from, to, reason }] : [],
  );
  return {
    date: localDay(restaurant.timeZone, dayNumber).date,
    reason: slots.length > 0 ? null : dayReasonOf(judged.map(({ reason }) => reason)),
    slots,
    validUntil: changesAt(judged, question),
  };
}

/** The slot of the list that begins at this instant; null where none does, or it has passed. */
export function slotFrom(restaurant: SlotSubject, from: Date, question: SlotQuestion): AskedSlot | null {
  const dayNumber = localDayNumberAt(restaurant.timeZone, from.getTime());
  return judgedSpans(restaurant, dayNumber, question).find((span) => span.from.getTime() === from.getTime()) ?? null;
}

/**
 * When the kitchen begins for the slot that begins at `startAt`: the instant as of which its dishes are judged.
 * @throws AppError `slot_unavailable` for a slot that is not there, or comes too soon
 */
export function kitchenStartFor(restaurant: SlotSubject, startAt: Date, at: Date): Date {
  const slot = slotFrom(restaurant, startAt, { now: at });
  if (slot === null) throw new AppError('slot_unavailable', { details: { reason: 'no_such_slot' } });
  if (slot.reason === 'too_soon') throw new AppError('slot_unavailable', { details: { reason: slot.reason } });
  return slot.beginsAt;
}

/** Those of the date that have not passed. */
function judgedSpans(restaurant: SlotSubject, dayNumber: number, question: SlotQuestion): AskedSlot[] {
  const day = localDay(restaurant.timeZone, dayNumber);
  const spans = spansOf(restaurant, day, localDay(restaurant.timeZone, dayNumber + 1).startMs)
    .filter(({ to }) => to > question.now)
    .map((span) => ({ ...span, beginsAt: kitchenBeginsAt(restaurant, span.from) }));
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return [];
  const times = openTimesBetween(restaurant, first.beginsAt, last.beginsAt);
  const isShut = isShutOn(restaurant, day);
  return spans.map((span) => {
    const { now, horizonMs = Infinity, ...asked } = question;
    const found = reasonDuring(times, restaurant, { ...asked, at: span.beginsAt });
    const reason = isShut && (found === null || isSlotReason(found)) ? 'closed_exception' : found;
    if (reason !== null && !isSlotReason(reason)) return { ...span, reason };
    if (span.beginsAt < now) return { ...span, reason: 'too_soon' };
    return { ...span, reason: span.from.getTime() - now.getTime() > horizonMs ? 'too_far_ahead' : reason };
  });
}

/** On a date that is closed nobody waits for what was cooked before midnight, unless the evening before runs past it. */
function isShutOn(restaurant: SlotSubject, { date, startMs }: LocalDay): boolean {
  if (exceptionOn(restaurant, date)?.spans.length !== 0) return false;
  const interval = nextOpenInterval(restaurant, startMs);
  return interval === null || interval.startMs > startMs;
}

/** The clock takes a slot away when it ends, and when its kitchen would have had to begin; and brings those that were too far ahead. */
function changesAt(judged: readonly AskedSlot[], { now, horizonMs = 0 }: SlotQuestion): Date | null {
  const turns = judged.flatMap(({ from, to, beginsAt, reason }) => [
    to.getTime(),
    ...(beginsAt >= now ? [beginsAt.getTime() + 1] : []),
    ...(reason === 'too_far_ahead' ? [from.getTime() - horizonMs] : []),
  ]);
  return turns.length === 0 ? null : dateFrom(turns.reduce((first, turn) => Math.min(first, turn)));
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

function kitchenBeginsAt(restaurant: SlotSubject, readyAt: Date): Date {
  const at = dateFrom(readyAt.getTime() - restaurant.prepMinutes * 60_000);
  return isBusyAt(restaurant, at) ? dateFrom(at.getTime() - restaurant.busyExtraPrepMinutes * 60_000) : at;
}

function isSlotReason(reason: string): reason is SlotReason {
  return (SLOT_REASONS as readonly string[]).includes(reason);
}
