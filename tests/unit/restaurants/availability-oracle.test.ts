import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  availabilityOf,
  type AvailabilityQuestion,
  type AvailabilitySubject,
} from '../../../src/modules/restaurants/availability.ts';
import { toRestaurantSnapshot } from '../../../src/modules/restaurants/restaurant-snapshot.ts';
import { buildRestaurant } from '../../factories/restaurant.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const BASE = toRestaurantSnapshot(buildRestaurant());

interface Reading {
  atMs: number;
  date: string;
  minutes: number;
}

/** The clock on the wall, minute by minute, as the platform's own Intl shows it: it shares nothing with what it judges but the data. */
class Wall {
  private readonly readings: Reading[] = [];
  private readonly endMs: number;
  private readonly byDate: ReadonlyMap<string, Reading[]>;

  constructor(timeZone: string, fromMs: number, endMs: number) {
    this.endMs = endMs;
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    for (let atMs = fromMs; atMs < this.endMs; atMs += MINUTE) {
      const [date = '', time = ''] = format.format(atMs).split(' ');
      this.readings.push({ atMs, date, minutes: toMinutes(time) });
    }
    this.byDate = Map.groupBy(this.readings, (reading) => reading.date);
  }

  /** Every minute of the wall in which somebody is in the shop, walked through once from the first to the last. */
  openMinutes({ hours, exceptions }: AvailabilitySubject): Set<number> {
    const open = new Set<number>();
    for (const date of this.byDate.keys()) {
      const spans = exceptions.find((exception) => exception.date === date)?.spans;
      const weekly = hours.filter(({ weekday }) => weekday === weekdayOf(date));
      for (const { opens, closes } of spans ?? weekly) {
        const isOvernight = toMinutes(closes) <= toMinutes(opens);
        this.fill(open, { date, minutes: toMinutes(opens) }, { date: isOvernight ? next(date) : date, closes });
      }
    }
    return open;
  }

  private fill(open: Set<number>, from: { date: string; minutes: number }, to: { date: string; closes: string }): void {
    const start = this.firstShowing(from.date, from.minutes);
    const end = this.firstShowing(to.date, toMinutes(to.closes));
    // Nothing begins after the last reading.
    for (let atMs = start; atMs < Math.min(end, this.endMs); atMs += MINUTE) open.add(atMs);
  }

  private firstShowing(date: string, minutes: number): number {
    const reached = (shown: Reading): boolean => shown.date > date || (shown.date === date && shown.minutes >= minutes);
    const shown = this.byDate.get(date)?.find(reached) ?? this.byDate.get(next(date))?.[0];
    return shown?.atMs ?? Infinity;
  }
}

function toMinutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function next(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + DAY).toISOString().slice(0, 10);
}

function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

const time = fc.integer({ min: 0, max: 287 }).map((five) => {
  return `${String(Math.floor(five / 12)).padStart(2, '0')}:${String((five % 12) * 5).padStart(2, '0')}`;
});
const span = fc.record({ opens: time, closes: fc.oneof(time, fc.constant('24:00')) });
const weekly = fc.array(fc.record({ weekday: fc.integer({ min: 1, max: 7 }), opens: time, closes: time }), {
  maxLength: 12,
});

describe.each([
  ['Europe/Paris', '2026-03-29', 'spring'],
  ['Europe/Paris', '2026-10-25', 'autumn'],
  ['America/New_York', '2026-03-08', 'spring'],
  ['America/New_York', '2026-11-01', 'autumn'],
  ['Asia/Kolkata', '2026-12-31', 'the end of the year'],
  ['Europe/Paris', '2027-12-31', 'the end of the year'],
])('availabilityOf in %s around %s (%s)', (timeZone, date) => {
  const middle = Date.parse(`${date}T00:00:00Z`);
  const wall = new Wall(timeZone, middle - 4 * DAY, middle + 6 * DAY);
  const dates = [-1, 0, 1, 2].map((days) => new Date(middle + days * DAY).toISOString().slice(0, 10));
  const exceptions = fc
    .uniqueArray(fc.constantFrom(...dates), { maxLength: 3 })
    .chain((closed) =>
      fc.tuple(...closed.map((day) => fc.array(span, { maxLength: 2 }).map((spans) => ({ date: day, spans })))),
    );
  const asked = fc.record({
    hours: weekly,
    exceptions,
    minute: fc.integer({ min: -1_440, max: 2 * 1_440 }),
    pause: fc.option(fc.integer({ min: 0, max: 600 }), { nil: null }),
    full: fc.array(fc.integer({ min: -4, max: 40 }), { maxLength: 6 }),
  });

  it('agrees with the clock on the wall, minute by minute, with exceptions, pauses and full slots', () => {
    fc.assert(
      fc.property(asked, ({ hours, exceptions: closed, minute, pause, full }) => {
        const at = new Date(middle + minute * MINUTE);
        const pausedUntil = pause === null ? null : new Date(at.getTime() + pause * MINUTE);
        const capacity = { slotMinutes: 30, maxOrders: 1 };
        const changes = { timeZone, hours, exceptions: closed, pausedUntil, capacity };
        const subject = { ...BASE, ...changes };
        // Half hours of these zones begin on those of UTC, and every change of the clock is a whole hour.
        const half = Math.floor(at.getTime() / (30 * MINUTE));
        const slot = new Map(full.map((offset) => [(half + offset) * 30 * MINUTE, 1]));
        check(subject, { at, slot }, wall.openMinutes(subject));
      }),
      { numRuns: 25 },
    );
  });
});

describe('availabilityOf over any capacity', () => {
  it('comes to an end, whatever is stored and counted', () => {
    const start = Date.parse('2026-11-20T00:00:00Z');
    const counts = fc.array(fc.tuple(fc.integer({ min: 0, max: 48 }), fc.integer({ min: 0, max: 3 })), {
      maxLength: 48,
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), counts, (maxOrders, taken) => {
        const slot = new Map(taken.map(([half, count]) => [start + half * 30 * MINUTE, count]));
        const subject = { ...BASE, timeZone: 'UTC', capacity: { slotMinutes: 30, maxOrders } };
        const { isOpen, reason, nextOpenAt } = availabilityOf(subject, { at: new Date(start), slot });
        const isFull = (slot.get(start) ?? 0) >= maxOrders;
        expect({ isOpen, reason }).toEqual({ isOpen: !isFull, reason: isFull ? 'capacity_full' : null });
        if (maxOrders === 0) expect(nextOpenAt).toBeNull();
        else if (isFull) expect(slot.get(nextOpenAt?.getTime() ?? 0) ?? 0).toBeLessThan(maxOrders);
      }),
    );
  });
});

function check(subject: AvailabilitySubject, question: AvailabilityQuestion, open: ReadonlySet<number>): void {
  const { at, slot } = question;
  const takes = (atMs: number): boolean =>
    open.has(atMs) &&
    atMs >= (subject.pausedUntil?.getTime() ?? 0) &&
    !(slot?.has(Math.floor(atMs / (30 * MINUTE)) * 30 * MINUTE) ?? false);
  const answer = availabilityOf(subject, question);
  expect(answer.isOpen).toBe(takes(at.getTime()));
  const horizon = at.getTime() + 2 * DAY;
  const minutes = Array.from({ length: 2 * 1_440 }, (_, index) => at.getTime() + index * MINUTE);
  if (answer.isOpen) {
    const closing = minutes.find((atMs) => !open.has(atMs)) ?? Infinity;
    if (closing < horizon) expect(answer.openUntil).toEqual(new Date(closing));
    else expect(answer.openUntil?.getTime() ?? Infinity).toBeGreaterThanOrEqual(horizon);
    return;
  }
  const opening = minutes.find(takes) ?? Infinity;
  if (opening < horizon) expect(answer.nextOpenAt).toEqual(new Date(opening));
  else expect(answer.nextOpenAt?.getTime() ?? Infinity).toBeGreaterThanOrEqual(horizon);
}

describe('availabilityOf in a long holiday', () => {
  it('names the first day after it, whichever its length up to ten months', () => {
    const subject = { ...BASE, timeZone: 'Europe/Paris', hours: everyDay('11:00', '14:00') };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 365 }), (days, start) => {
        const first = Date.parse('2026-01-01T00:00:00Z') + start * DAY;
        const isoOf = (index: number) => new Date(first + index * DAY).toISOString().slice(0, 10);
        const exceptions = Array.from({ length: days }, (_, index) => ({ date: isoOf(index), spans: [] }));
        const { reason, nextOpenAt } = availabilityOf(
          { ...subject, exceptions },
          {
            at: new Date(first + 12 * 60 * MINUTE),
          },
        );
        expect(reason).toBe('closed_exception');
        const wallTime = nextOpenAt?.toLocaleString('sv-SE', { timeZone: 'Europe/Paris' });
        expect(wallTime).toBe(`${isoOf(days)} 11:00:00`);
      }),
      { numRuns: 25 },
    );
  });
});

function everyDay(opens: string, closes: string) {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens, closes }));
}
