import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveryFeeOf, feeBandsAt, type FeeTable } from '../../../src/shared/delivery-fee.ts';

const feeTable: FeeTable = {
  bands: [
    { upToMeters: 2_000, feeMinor: 2_500 },
    { upToMeters: 2_000, fromSubtotalMinor: 30_000, feeMinor: 1_000 },
    { upToMeters: 5_000, feeMinor: 4_900 },
    { upToMeters: 5_000, fromSubtotalMinor: 30_000, feeMinor: 3_900 },
    { upToMeters: 5_000, fromSubtotalMinor: 60_000, feeMinor: 1_900 },
  ],
  freeDeliveryOverMinor: null,
};

describe('deliveryFeeOf', () => {
  it.each([
    [0, 29_999, 2_500],
    [2_000, 29_999, 2_500],
    [2_000, 30_000, 1_000],
    [2_001, 0, 4_900],
    [2_001, 30_000, 3_900],
    [5_000, 60_000, 1_900],
    [9_000, 0, 4_900],
  ])('for %i meters and a subtotal of %i is %i', (meters, subtotal, fee) => {
    expect(deliveryFeeOf(feeTable, meters, subtotal)).toBe(fee);
  });

  it('is free exactly from the threshold on', () => {
    const table = { ...feeTable, freeDeliveryOverMinor: 50_000 };
    expect(deliveryFeeOf(table, 1_000, 49_999)).toBe(1_000);
    expect(deliveryFeeOf(table, 1_000, 50_000)).toBe(0);
  });

  it('is free without rows', () => {
    expect(deliveryFeeOf({ bands: [], freeDeliveryOverMinor: null }, 1_000, 0)).toBe(0);
  });

  it('does not depend on the order of the rows', () => {
    const anyOrder = fc.shuffledSubarray([...feeTable.bands], { minLength: feeTable.bands.length });
    const place = fc.tuple(fc.integer({ min: 0, max: 9_000 }), fc.integer({ min: 0, max: 90_000 }));
    fc.assert(
      fc.property(anyOrder, place, (bands, [meters, subtotal]) => {
        expect(deliveryFeeOf({ ...feeTable, bands }, meters, subtotal)).toBe(deliveryFeeOf(feeTable, meters, subtotal));
      }),
    );
  });
});

describe('feeBandsAt', () => {
  it('gives the rows of the nearest limit that reaches the distance, by subtotal', () => {
    expect(feeBandsAt(feeTable, 2_001).map(({ feeMinor }) => feeMinor)).toEqual([4_900, 3_900, 1_900]);
  });
});
