import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dispatchAt, radiusMetersOf, roundMs } from '../../../src/modules/deliveries/dispatch-plan.ts';
import { addMs, dateFrom } from '../../../src/shared/clock.ts';

const NOON = dateFrom('2026-11-20T12:00:00.000Z');
const MINUTE = 60_000;

describe('dispatchAt (T4)', () => {
  it('starts offers seven minutes before the food is ready: five of travel, two to find somebody', () => {
    expect(dispatchAt(addMs(NOON, 20 * MINUTE), NOON)).toEqual(addMs(NOON, 13 * MINUTE));
  });

  it('starts at once when that moment has passed, also at its very second', () => {
    expect(dispatchAt(addMs(NOON, 7 * MINUTE), NOON)).toEqual(NOON);
    expect(dispatchAt(addMs(NOON, 5 * MINUTE), NOON)).toEqual(NOON);
    expect(dispatchAt(addMs(NOON, -MINUTE), NOON)).toEqual(NOON);
  });

  it('never lies in the past', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200, max: 200 }), (minutes) => {
        expect(dispatchAt(addMs(NOON, minutes * MINUTE), NOON).getTime()).toBeGreaterThanOrEqual(NOON.getTime());
      }),
    );
  });
});

describe('radiusMetersOf', () => {
  it('widens over four rounds and stays there', () => {
    expect([1, 2, 3, 4, 5, 40].map(radiusMetersOf)).toEqual([1_500, 3_000, 5_000, 8_000, 8_000, 8_000]);
  });
});

describe('roundMs', () => {
  it('waits for those who were asked as long as their offers live', () => {
    expect(roundMs(1, 3, 30_000)).toBe(30_000);
  });

  it('goes to the next ring soon when nobody was there to ask', () => {
    expect(roundMs(1, 0, 30_000)).toBe(2_000);
    expect(roundMs(3, 0, 30_000)).toBe(2_000);
  });

  it('is no hot loop at the last ring, nor ever', () => {
    expect(roundMs(4, 0, 30_000)).toBe(30_000);
    fc.assert(
      fc.property(fc.nat(100), fc.nat(50), fc.integer({ min: 1_000, max: 600_000 }), (round, open, ttl) => {
        expect(roundMs(round + 1, open, ttl)).toBeGreaterThanOrEqual(1_000);
      }),
    );
  });
});
