import { DateTime } from 'luxon';

/** One date of one time zone, with its change of the clock if it has one. */
export interface LocalDay {
  /** `yyyy-MM-dd`. */
  date: string;
  /** ISO, Monday is 1. */
  weekday: number;
  /** The first instant of the date. */
  startMs: number;
  /** Where 00:00 lies, or would lie where midnight itself is skipped. */
  midnightMs: number;
  /** The instant at which the clock is changed, and by how much it is put forward (back when negative). */
  change: { atMs: number; forwardMs: number } | null;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_REMEMBERED = 4_000;

/**
 * Days by zone and number (of UTC days since 1970, by their date). Time-zone arithmetic costs a hundred times what a look-up
 * does, and all restaurants of a city share their days; a list asks for dozens at once.
 */
const remembered = new Map<string, Map<number, LocalDay>>();
let rememberedCount = 0;

/** @throws RangeError for a zone that does not exist */
export function localDay(timeZone: string, number: number): LocalDay {
  const known = remembered.get(timeZone)?.get(number);
  if (known !== undefined) return known;
  const day = makeDay(timeZone, number);
  if (rememberedCount >= MAX_REMEMBERED) {
    remembered.clear();
    rememberedCount = 0;
  }
  const days = remembered.get(timeZone) ?? new Map<number, LocalDay>();
  remembered.set(timeZone, days.set(number, day));
  rememberedCount += 1;
  return day;
}

/** The number of the date that the wall shows at this instant. */
export function localDayNumberAt(timeZone: string, atMs: number): number {
  const utc = Math.floor(atMs / DAY_MS);
  if (atMs >= localDay(timeZone, utc + 1).startMs) return utc + 1;
  return atMs >= localDay(timeZone, utc).startMs ? utc : utc - 1;
}

/**
 * The first instant of the day at which the wall clock shows this time or a later one. One rule for both changes of the
 * clock: a time that is skipped means the moment of the change, a time that comes twice means its first coming.
 */
export function firstInstantShowing(day: LocalDay, minutes: number): number {
  const wanted = Math.max(day.midnightMs + minutes * MINUTE_MS, day.startMs);
  if (day.change === null || wanted < day.change.atMs) return wanted;
  return Math.max(wanted - day.change.forwardMs, day.change.atMs);
}

function makeDay(timeZone: string, number: number): LocalDay {
  const start = startOfDay(timeZone, number);
  const next = startOfDay(timeZone, number + 1);
  const startMs = start.toMillis();
  return {
    date: start.toFormat('yyyy-MM-dd'),
    weekday: start.weekday,
    startMs,
    midnightMs: startMs - (start.hour * 60 + start.minute) * MINUTE_MS,
    change:
      start.offset === next.offset
        ? null
        : { atMs: changeBetween(start, next), forwardMs: (next.offset - start.offset) * MINUTE_MS },
  };
}

function startOfDay(timeZone: string, number: number): DateTime {
  const { year, month, day } = DateTime.fromMillis(number * DAY_MS, { zone: 'utc' });
  const start = DateTime.fromObject({ year, month, day }, { zone: timeZone });
  if (!start.isValid) throw new RangeError(`unknown time zone ${timeZone}`);
  // luxon may take the second midnight of a day whose first hour comes twice.
  return start.getPossibleOffsets()[0] ?? start;
}

/** A day has one change at most; found by halving, to the minute. */
function changeBetween(start: DateTime, next: DateTime): number {
  let low = 0;
  let high = Math.round((next.toMillis() - start.toMillis()) / MINUTE_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (start.plus({ minutes: middle }).offset === start.offset) low = middle;
    else high = middle;
  }
  return start.toMillis() + high * MINUTE_MS;
}
