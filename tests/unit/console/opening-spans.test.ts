import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findOverlap, findOverlapOfDay } from '../../../src/modules/console/hours-and-areas/opening-spans.ts';

const span = (weekday: number, opens: string, closes: string) => ({ weekday, opens, closes });

describe('findOverlap in a week', () => {
  it.each([
    ['nothing', []],
    ['one span', [span(1, '10:00', '22:00')]],
    ['one span round the clock', [span(1, '10:00', '10:00')]],
    ['spans that touch', [span(1, '10:00', '12:00'), span(1, '12:00', '14:00')]],
    ['a night that ends as the morning begins', [span(7, '20:00', '02:00'), span(1, '02:00', '04:00')]],
    ['days that end at midnight', [span(1, '00:00', '24:00'), span(2, '00:00', '24:00')]],
  ])('has nothing against %s', (_, hours) => {
    expect(findOverlap(hours)).toBeNull();
  });

  it.each([
    ['the same span twice', [span(1, '10:00', '12:00'), span(1, '10:00', '12:00')]],
    ['a span in another', [span(1, '10:00', '20:00'), span(1, '12:00', '13:00')]],
    ['a night into the next morning', [span(1, '20:00', '02:00'), span(2, '01:59', '04:00')]],
    ['Sunday night into Monday', [span(1, '01:00', '04:00'), span(7, '20:00', '02:00')]],
  ])('finds %s', (_, hours) => {
    expect(findOverlap(hours)).toBe(1);
  });

  it('agrees with a look at every minute of the week', () => {
    const time = fc.integer({ min: 0, max: 95 }).map((quarter) => {
      return `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`;
    });
    const anySpan = fc.record({ weekday: fc.integer({ min: 1, max: 7 }), opens: time, closes: time });
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 8 }), (hours) => {
        expect(findOverlap(hours) !== null).toBe(isCrowded(hours));
      }),
      { numRuns: 500 },
    );
  });
});

/** Marks every quarter of an hour of the week. */
function isCrowded(hours: { weekday: number; opens: string; closes: string }[]): boolean {
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const marked = new Set<number>();
  for (const { weekday, opens, closes } of hours) {
    const start = (weekday - 1) * 1_440 + minutes(opens);
    const overnight = minutes(closes) <= minutes(opens) ? 1_440 : 0;
    for (let at = start; at < (weekday - 1) * 1_440 + minutes(closes) + overnight; at += 15) {
      const quarter = at % 10_080;
      if (marked.has(quarter)) return true;
      marked.add(quarter);
    }
  }
  return false;
}

describe('findOverlapOfDay', () => {
  it('compares the spans of one date alone', () => {
    expect(
      findOverlapOfDay([
        { opens: '18:00', closes: '02:00' },
        { opens: '01:00', closes: '03:00' },
      ]),
    ).toBeNull();
    expect(
      findOverlapOfDay([
        { opens: '18:00', closes: '02:00' },
        { opens: '19:00', closes: '20:00' },
      ]),
    ).toBe(1);
  });
});
