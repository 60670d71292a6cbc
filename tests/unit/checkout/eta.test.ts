import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateArrival } from '../../../src/modules/checkout/eta.ts';

const at = new Date('2026-11-20T12:00:00Z');
const minutes = (later: Date): number => (later.getTime() - at.getTime()) / 60_000;

describe('estimateArrival', () => {
  it('waits for the kitchen when it is slower than the courier', () => {
    const eta = estimateArrival({ at, prepMinutes: 25, lastMileMeters: 2_800, slot: null });
    // 25 of cooking, 10 of way, 3 at the door; then 4 and a tenth.
    expect([eta.from, eta.to].map(minutes)).toEqual([38, 45.8]);
  });

  it('waits for the courier when the kitchen is faster', () => {
    const eta = estimateArrival({ at, prepMinutes: 5, lastMileMeters: 2_800, slot: null });
    // 3 until an offer is taken, 5 to the restaurant, 10 of way, 3 at the door.
    expect(minutes(eta.from)).toBe(21);
  });

  it('knows no courier and no way where the customer collects', () => {
    const eta = estimateArrival({ at, prepMinutes: 5, lastMileMeters: null, slot: null });
    // 5 of cooking; then 4 and a tenth.
    expect([eta.from, eta.to].map(minutes)).toEqual([5, 9.5]);
  });

  it('is the slot itself where the customer collects, and the way later at the door', () => {
    const slot = { startAt: new Date('2026-11-20T18:00:00Z'), endAt: new Date('2026-11-20T18:30:00Z') };
    const fetched = estimateArrival({ at, prepMinutes: 25, lastMileMeters: null, slot });
    expect(fetched).toEqual({ from: slot.startAt, to: slot.endAt });
    const brought = estimateArrival({ at, prepMinutes: 25, lastMileMeters: 2_800, slot });
    // 10 of way, 3 at the door.
    expect([brought.from, brought.to].map(minutes)).toEqual([373, 403]);
  });

  it('never promises sooner for a longer way or a slower kitchen, and always a window', () => {
    const whole = fc.integer({ min: 0, max: 20_000 });
    fc.assert(
      fc.property(whole, whole, fc.integer({ min: 0, max: 120 }), (meters, more, prepMinutes) => {
        const near = estimateArrival({ at, prepMinutes, lastMileMeters: meters, slot: null });
        const far = estimateArrival({ at, prepMinutes: prepMinutes + 5, lastMileMeters: meters + more, slot: null });
        expect(far.from.getTime()).toBeGreaterThanOrEqual(near.from.getTime());
        expect(far.to.getTime()).toBeGreaterThanOrEqual(near.to.getTime());
        expect(near.to.getTime()).toBeGreaterThan(near.from.getTime());
        expect(near.from.getTime()).toBeGreaterThanOrEqual(at.getTime() + prepMinutes * 60_000);
      }),
    );
  });
});
