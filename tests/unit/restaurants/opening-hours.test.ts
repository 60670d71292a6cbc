import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nextOpenInterval,
  type OpeningHours,
  type OpeningSpan,
} from '../../../src/modules/restaurants/opening-hours.ts';

const ms = (iso: string): number => Date.parse(iso);
const iso = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());

function everyDay(timeZone: string, ...spans: [string, string][]): OpeningHours {
  const hours = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) =>
    spans.map(([opens, closes]) => ({ weekday, opens, closes })),
  );
  return { timeZone, hours, exceptions: [] };
}

function nextFrom(subject: OpeningHours, at: string): [string | undefined, string | undefined] | null {
  const interval = nextOpenInterval(subject, ms(at));
  return interval === null ? null : [iso(interval.startMs), iso(interval.endMs)];
}

describe('nextOpenInterval on ordinary days', () => {
  it('gives the running span, and the next one from the instant it closes', () => {
    const subject = everyDay('Asia/Kolkata', ['12:00', '15:00'], ['19:00', '23:00']);
    expect(nextFrom(subject, '2026-11-20T06:30:00.000Z')).toEqual([
      '2026-11-20T06:30:00.000Z',
      '2026-11-20T09:30:00.000Z',
    ]);
    expect(nextFrom(subject, '2026-11-20T09:29:59.999Z')?.[1]).toBe('2026-11-20T09:30:00.000Z');
    expect(nextFrom(subject, '2026-11-20T09:30:00.000Z')?.[0]).toBe('2026-11-20T13:30:00.000Z');
  });

  it('keeps a span open past midnight, on the weekday on which it began', () => {
    const friday = {
      timeZone: 'Europe/Paris',
      hours: [{ weekday: 5, opens: '18:00', closes: '02:00' }],
      exceptions: [],
    };
    expect(nextFrom(friday, '2026-11-21T00:30:00.000Z')).toEqual([
      '2026-11-20T17:00:00.000Z',
      '2026-11-21T01:00:00.000Z',
    ]);
    expect(nextFrom(friday, '2026-11-21T01:00:00.000Z')?.[0]).toBe('2026-11-27T17:00:00.000Z');
  });

  it('runs over the end of the year', () => {
    const subject = everyDay('Europe/Paris', ['20:00', '03:00']);
    expect(nextFrom(subject, '2026-12-31T23:30:00.000Z')).toEqual([
      '2026-12-31T19:00:00.000Z',
      '2027-01-01T02:00:00.000Z',
    ]);
  });

  it('joins spans that touch at midnight or overlap', () => {
    const subject = everyDay('Asia/Kolkata', ['00:00', '02:00'], ['18:00', '24:00'], ['17:00', '19:00']);
    expect(nextFrom(subject, '2026-11-20T13:00:00.000Z')).toEqual([
      '2026-11-20T11:30:00.000Z',
      '2026-11-20T20:30:00.000Z',
    ]);
  });

  it('never closes when every day is open from 00:00 to 24:00', () => {
    expect(nextOpenInterval(everyDay('Europe/Paris', ['00:00', '24:00']), ms('2026-11-20T10:00:00Z'))?.endMs).toBe(
      Infinity,
    );
  });

  it('has no opening without hours', () => {
    expect(nextOpenInterval({ timeZone: 'UTC', hours: [], exceptions: [] }, 0)).toBeNull();
  });

  it('refuses a zone that does not exist', () => {
    expect(() => nextOpenInterval(everyDay('Mars/Olympus', ['10:00', '11:00']), 0)).toThrow(RangeError);
  });
});

describe('nextOpenInterval with exceptions', () => {
  it('skips a closed date, but lets the evening before run out', () => {
    const subject = {
      ...everyDay('Asia/Kolkata', ['18:00', '02:00']),
      exceptions: [{ date: '2026-11-21', spans: [] }],
    };
    expect(nextFrom(subject, '2026-11-20T19:00:00.000Z')?.[1]).toBe('2026-11-20T20:30:00.000Z');
    expect(nextFrom(subject, '2026-11-20T20:30:00.000Z')?.[0]).toBe('2026-11-22T12:30:00.000Z');
  });

  it('takes the other spans of the date instead of the weekly ones', () => {
    const spans = [{ opens: '10:00', closes: '11:00' }];
    const subject = { ...everyDay('Asia/Kolkata', ['18:00', '22:00']), exceptions: [{ date: '2026-11-21', spans }] };
    expect(nextFrom(subject, '2026-11-20T18:30:00.000Z')).toEqual([
      '2026-11-21T04:30:00.000Z',
      '2026-11-21T05:30:00.000Z',
    ]);
  });

  it('looks past a holiday of three months', () => {
    const dates = Array.from({ length: 90 }, (_, day) =>
      new Date(ms('2026-06-01') + day * 86_400_000).toISOString().slice(0, 10),
    );
    const exceptions = dates.map((date) => ({ date, spans: [] }));
    const subject = { ...everyDay('UTC', ['10:00', '11:00']), exceptions };
    expect(nextFrom(subject, '2026-06-01T00:00:00.000Z')?.[0]).toBe('2026-08-30T10:00:00.000Z');
  });
});

describe('nextOpenInterval when the clock changes in Paris', () => {
  it('opens at the change when the opening time is skipped in spring', () => {
    const subject = everyDay('Europe/Paris', ['02:30', '06:00']);
    expect(nextFrom(subject, '2026-03-28T23:00:00.000Z')).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T04:00:00.000Z',
    ]);
  });

  it('closes at the change when the closing time is skipped in spring', () => {
    const subject = everyDay('Europe/Paris', ['20:00', '02:15']);
    expect(nextFrom(subject, '2026-03-28T20:00:00.000Z')?.[1]).toBe('2026-03-29T01:00:00.000Z');
  });

  it('takes the first coming of a time that comes twice in autumn', () => {
    const subject = everyDay('Europe/Paris', ['18:00', '02:30']);
    expect(nextFrom(subject, '2026-10-24T20:00:00.000Z')?.[1]).toBe('2026-10-25T00:30:00.000Z');
    expect(nextFrom(everyDay('Europe/Paris', ['02:30', '09:00']), '2026-10-24T22:00:00.000Z')?.[0]).toBe(
      '2026-10-25T00:30:00.000Z',
    );
  });

  it('is 23 and 25 hours long on the two days', () => {
    const hours = [{ weekday: 7, opens: '00:00', closes: '24:00' }];
    const sunday = { timeZone: 'Europe/Paris', hours, exceptions: [] };
    const length = (at: string): number => {
      const interval = nextOpenInterval(sunday, ms(at));
      return interval === null ? 0 : (interval.endMs - interval.startMs) / 3_600_000;
    };
    expect(length('2026-03-29T10:00:00Z')).toBe(23);
    expect(length('2026-10-25T10:00:00Z')).toBe(25);
  });
});

const QUARTER_MS = 15 * 60_000;

/**
 * An independent reading: the clock on the wall of five days, quarter by quarter, as the platform's own Intl shows it.
 * All changes of the clock used here fall on a quarter.
 */
class WallClock {
  private readonly readings: { atMs: number; date: string; minutes: number }[] = [];

  constructor(timeZone: string, fromMs: number) {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    for (let atMs = fromMs - 3 * 86_400_000; atMs < fromMs + 5 * 86_400_000; atMs += QUARTER_MS) {
      const [date = '', time = ''] = format.format(atMs).split(' ');
      this.readings.push({ atMs, date, minutes: toMinutes(time) });
    }
  }

  dateAt(atMs: number): string {
    return this.readings.findLast((reading) => reading.atMs <= atMs)?.date ?? '';
  }

  firstShowing(date: string, minutes: number): number {
    const isReached = (shown: { date: string; minutes: number }): boolean =>
      shown.date > date || (shown.date === date && shown.minutes >= minutes);
    return this.readings.find(isReached)?.atMs ?? NaN;
  }
}

const time = fc
  .integer({ min: 0, max: 95 })
  .map((q) => `${String(Math.floor(q / 4)).padStart(2, '0')}:${String((q % 4) * 15).padStart(2, '0')}`);
const span = fc
  .record({ opens: time, closes: fc.oneof(time, fc.constant('24:00')) })
  .filter((s) => s.opens !== s.closes);

function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function toMinutes(value: string): number {
  return Number(value.slice(0, 2)) * 60 + Number(value.slice(3));
}

function isOpenByTheWall(wall: WallClock, spans: OpeningSpan[], atMs: number): boolean {
  const today = wall.dateAt(atMs);
  return [plusDays(today, -1), today].some((date) =>
    spans.some(({ opens, closes }) => {
      const isOvernight = toMinutes(closes) <= toMinutes(opens);
      const start = wall.firstShowing(date, toMinutes(opens));
      const end = wall.firstShowing(isOvernight ? plusDays(date, 1) : date, toMinutes(closes));
      return start <= atMs && atMs < end;
    }),
  );
}

describe.each([
  ['Europe/Paris', '2026-03-28T12:00:00Z'],
  ['Europe/Paris', '2026-10-24T12:00:00Z'],
  ['America/New_York', '2026-11-01T00:00:00Z'],
  ['Asia/Kolkata', '2026-12-31T12:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T00:00:00Z'],
  ['America/Havana', '2026-10-31T18:00:00Z'],
  ['Asia/Beirut', '2026-03-28T12:00:00Z'],
])('nextOpenInterval in %s around %s', (timeZone, from) => {
  it('agrees with the clock on the wall at every quarter of an hour', () => {
    const wall = new WallClock(timeZone, Date.parse(from));
    fc.assert(
      fc.property(
        fc.array(span, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 35 * 4 }),
        (spans, quarter) => {
          const atMs = Date.parse(from) + quarter * QUARTER_MS;
          const subject = everyDay(timeZone, ...spans.map(({ opens, closes }): [string, string] => [opens, closes]));
          const interval = nextOpenInterval(subject, atMs);
          expect(interval !== null && interval.startMs <= atMs).toBe(isOpenByTheWall(wall, spans, atMs));
          if (interval === null) return;
          expect(interval.endMs).toBeGreaterThan(atMs);
          if (interval.startMs > atMs) expect(isOpenByTheWall(wall, spans, interval.startMs)).toBe(true);
          if (interval.startMs > atMs) expect(isOpenByTheWall(wall, spans, interval.startMs - QUARTER_MS)).toBe(false);
          if (Number.isFinite(interval.endMs)) expect(isOpenByTheWall(wall, spans, interval.endMs)).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });
});
