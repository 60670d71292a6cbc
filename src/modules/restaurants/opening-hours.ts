import { DateTime } from 'luxon';

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

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** Long holidays are runs of exceptions; beyond a year there is no honest answer. */
const HORIZON_DAYS = 370;
/** Spans that touch over this many days mean that the house never closes. */
const NEVER_CLOSES_MS = 8 * DAY_MINUTES * MINUTE_MS;

export function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

export function localDateOf(atMs: number, timeZone: string): string {
  return localDay(atMs, timeZone).toFormat('yyyy-MM-dd');
}

export function exceptionOn(subject: OpeningHours, date: string): HoursException | undefined {
  return subject.exceptions.find((exception) => exception.date === date);
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
  let day = startOfLocalDay(localDay(fromMs, subject.timeZone).minus({ days: 1 }));
  for (let step = 0; step < HORIZON_DAYS; step += 1, day = nextLocalDay(day)) yield* intervalsOn(subject, day);
}

function hasAnySpan(subject: OpeningHours): boolean {
  return subject.hours.length > 0 || subject.exceptions.some((exception) => exception.spans.length > 0);
}

function intervalsOn(subject: OpeningHours, day: DateTime): OpenInterval[] {
  const spans: readonly OpeningSpan[] =
    exceptionOn(subject, day.toFormat('yyyy-MM-dd'))?.spans ??
    subject.hours.filter((span) => span.weekday === day.weekday);
  return spans
    .map((span) => intervalOf(span, day))
    .filter((interval) => interval.startMs < interval.endMs)
    .sort((a, b) => a.startMs - b.startMs);
}

function intervalOf(span: OpeningSpan, day: DateTime): OpenInterval {
  const opens = minutesOf(span.opens);
  const closes = minutesOf(span.closes);
  const closingDay = closes <= opens ? nextLocalDay(day) : day;
  return { startMs: firstInstantShowing(day, opens), endMs: firstInstantShowing(closingDay, closes) };
}

/**
 * The first instant of the day at which the wall clock shows this time or a later one. One rule for both changes of the
 * clock: a time that is skipped means the moment of the change, a time that comes twice means its first coming.
 */
function firstInstantShowing(day: DateTime, minutes: number): number {
  const nextDay = nextLocalDay(day);
  if (minutes >= DAY_MINUTES) return nextDay.toMillis();
  const startMs = day.toMillis();
  // Where midnight itself is skipped, the day starts later than 00:00.
  const midnightMs = startMs - (day.hour * 60 + day.minute) * MINUTE_MS;
  const wanted = midnightMs + minutes * MINUTE_MS;
  if (day.offset === nextDay.offset) return Math.max(wanted, startMs);
  const changeMs = offsetChangeBetween(day, nextDay);
  if (wanted < changeMs) return wanted;
  return Math.max(wanted - (nextDay.offset - day.offset) * MINUTE_MS, changeMs);
}

/** A day has one change at most; found by halving, to the minute. */
function offsetChangeBetween(day: DateTime, nextDay: DateTime): number {
  let low = 0;
  let high = Math.round((nextDay.toMillis() - day.toMillis()) / MINUTE_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (day.plus({ minutes: middle }).offset === day.offset) low = middle;
    else high = middle;
  }
  return day.toMillis() + high * MINUTE_MS;
}

function localDay(atMs: number, timeZone: string): DateTime {
  const at = DateTime.fromMillis(atMs, { zone: timeZone });
  if (!at.isValid) throw new RangeError(`unknown time zone ${timeZone}`);
  return startOfLocalDay(at);
}

function nextLocalDay(day: DateTime): DateTime {
  return startOfLocalDay(day.plus({ days: 1 }));
}

/** luxon may take the second midnight of a day whose first hour comes twice. */
function startOfLocalDay(at: DateTime): DateTime {
  const start = at.startOf('day');
  return start.getPossibleOffsets()[0] ?? start;
}
