import { firstInstantShowing, localDay, localDayNumberAt, type LocalDay } from './local-day.ts';

/** Wall-clock times `HH:mm`; `24:00` is the end of the day. A span that closes at or before it opens ends on the next day. */
export interface OpeningSpan {
  opens: string;
  closes: string;
}

/** ISO weekday, Monday is 1. A day may have several spans. */
export interface WeeklySpan extends OpeningSpan {
  weekday: number;
}

/** Replaces the spans that begin on this local date; none means closed. What began the evening before still runs out. */
export interface HoursException {
  date: string;
  spans: OpeningSpan[];
  note?: string | undefined;
}

export interface OpeningHours {
  timeZone: string;
  hours: readonly WeeklySpan[];
  exceptions: readonly HoursException[];
}

/** Half open: `endMs` is the first instant that is closed again. Infinity when no closing is in sight. */
export interface OpenInterval {
  startMs: number;
  endMs: number;
}

/** `24:00` in minutes. */
const END_OF_DAY = 1_440;
/** Long holidays are runs of exceptions; beyond a year there is no honest answer. */
const HORIZON_DAYS = 370;
/** Spans that touch over this many days mean that the house never closes. */
const NEVER_CLOSES_MS = 8 * 86_400_000;
/** So many are found as fast without an index. */
const FEW = 8;

export function localDateOf(atMs: number, timeZone: string): string {
  return localDay(timeZone, localDayNumberAt(timeZone, atMs)).date;
}

export function exceptionOn({ exceptions }: OpeningHours, date: string): HoursException | undefined {
  if (exceptions.length <= FEW) return exceptions.find((exception) => exception.date === date);
  const byDate = exceptionsByDate.get(exceptions) ?? indexed(exceptions);
  return byDate.get(date);
}

/** A calendar of years is asked day by day; gone with the row that it was read from. */
const exceptionsByDate = new WeakMap<readonly HoursException[], ReadonlyMap<string, HoursException>>();

function indexed(exceptions: readonly HoursException[]): ReadonlyMap<string, HoursException> {
  const byDate = new Map(exceptions.toReversed().map((exception) => [exception.date, exception]));
  exceptionsByDate.set(exceptions, byDate);
  return byDate;
}

/** All spans that touch these instants, joined, in their order: what `nextOpenInterval` says of each, for the price of a few days. */
export function openIntervalsBetween(subject: OpeningHours, fromMs: number, toMs: number): OpenInterval[] {
  const first = localDayNumberAt(subject.timeZone, fromMs) - 1;
  const last = localDayNumberAt(subject.timeZone, toMs);
  const found: OpenInterval[] = [];
  for (let number = first; number <= last; number += 1) {
    for (const next of intervalsOn(subject, number)) {
      const current = found.at(-1);
      if (current === undefined || next.startMs > current.endMs) found.push(next);
      else found[found.length - 1] = joined(current, next);
    }
  }
  return found;
}

/** The first open interval that ends after `fromMs`, touching spans joined. Null: not in the next year. */
export function nextOpenInterval(subject: OpeningHours, fromMs: number): OpenInterval | null {
  if (!hasAnySpan(subject)) return null;
  for (const interval of joinedIntervals(subject, fromMs)) if (interval.endMs > fromMs) return interval;
  return null;
}

function* joinedIntervals(subject: OpeningHours, fromMs: number): Generator<OpenInterval> {
  let current: OpenInterval | null = null;
  for (const next of intervals(subject, fromMs)) {
    const isTouching: boolean = current !== null && next.startMs <= current.endMs;
    if (current !== null && !isTouching) yield current;
    current = isTouching ? joined(current, next) : next;
    if (current.endMs - current.startMs > NEVER_CLOSES_MS) {
      yield { startMs: current.startMs, endMs: Infinity };
      return;
    }
  }
  if (current !== null) yield current;
}

function joined(current: OpenInterval | null, next: OpenInterval): OpenInterval {
  if (current === null) return next;
  return { startMs: current.startMs, endMs: Math.max(current.endMs, next.endMs) };
}

function* intervals(subject: OpeningHours, fromMs: number): Generator<OpenInterval> {
  // Yesterday's last span may run past midnight, and never further than the end of today.
  const yesterday = localDayNumberAt(subject.timeZone, fromMs) - 1;
  for (let number = yesterday; number < yesterday + HORIZON_DAYS; number += 1) yield* intervalsOn(subject, number);
}

function hasAnySpan(subject: OpeningHours): boolean {
  return subject.hours.length > 0 || subject.exceptions.some((exception) => exception.spans.length > 0);
}

function intervalsOn(subject: OpeningHours, number: number): OpenInterval[] {
  const day = localDay(subject.timeZone, number);
  const spans: readonly OpeningSpan[] =
    exceptionOn(subject, day.date)?.spans ?? subject.hours.filter((span) => span.weekday === day.weekday);
  return spans
    .map((span) => intervalOf(span, day, () => localDay(subject.timeZone, number + 1)))
    .filter((interval) => interval.startMs < interval.endMs)
    .sort((a, b) => a.startMs - b.startMs);
}

function intervalOf(span: OpeningSpan, day: LocalDay, nextDay: () => LocalDay): OpenInterval {
  const opens = minutesOf(span.opens);
  const closes = minutesOf(span.closes);
  const startMs = firstInstantShowing(day, opens);
  if (closes === END_OF_DAY) return { startMs, endMs: nextDay().startMs };
  return { startMs, endMs: firstInstantShowing(closes <= opens ? nextDay() : day, closes) };
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
