import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, basisPointsOf, decimalOf, money } from '../../../src/shared/money.ts';

const amounts = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
const weights = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1, maxLength: 20 });

describe('money', () => {
  it.each([0.5, Number.NaN, Infinity, 2 ** 53])('refuses %s as an amount', (amount) => {
    expect(() => money(amount, 'INR')).toThrow(RangeError);
    expect(() => basisPointsOf(amount, 1)).toThrow(RangeError);
    expect(() => allocate(amount, [1])).toThrow(RangeError);
  });

  it('carries amount and currency and nothing else', () => {
    expect(money(-250, 'JPY')).toEqual({ amount: -250, currency: 'JPY' });
  });
});

describe('basisPointsOf', () => {
  it.each([
    [10_000, 500, 500],
    [1, 5_000, 1],
    [1, 4_999, 0],
    [-1, 5_000, -1],
    [-3, 5_000, -2],
    [333, 1_800, 60],
    // Beyond what a product of doubles holds exactly.
    [9_007_199_254_740_991, 9_999, 9_006_298_534_815_517],
  ])('of %i at %i is %i, half away from zero', (amount, points, expected) => {
    expect(basisPointsOf(amount, points)).toBe(expected);
  });

  it('of a refund mirrors that of the charge', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 20_000 }), (amount, points) => {
        expect(basisPointsOf(-amount, points) + basisPointsOf(amount, points)).toBe(0);
      }),
    );
  });
});

describe('allocate', () => {
  it('splits into whole parts that sum to the total, each within one unit of its exact share', () => {
    fc.assert(
      fc.property(amounts, weights, (total, parts) => {
        const shares = allocate(total, parts);
        const sum = parts.reduce((a, b) => a + b, 0);
        expect(shares).toHaveLength(parts.length);
        expect(shares.reduce((a, b) => a + b, 0)).toBe(total);
        if (sum === 0) return;
        for (const [index, share] of shares.entries()) {
          // In integers: |share * sum - total * weight| < sum.
          const error = BigInt(share) * BigInt(sum) - BigInt(total) * BigInt(parts[index] ?? 0);
          expect(error < BigInt(sum) && -error < BigInt(sum)).toBe(true);
        }
      }),
    );
  });

  it('gives nothing to a weight of zero beside another', () => {
    fc.assert(
      fc.property(amounts, weights, (total, parts) => {
        expect(allocate(total, [0, ...parts, 1])[0]).toBe(0);
      }),
    );
  });

  it('of a negative total mirrors that of the positive', () => {
    fc.assert(
      fc.property(amounts, weights, (total, parts) => {
        const mirrored = allocate(-total, parts).map((share) => -share + 0);
        expect(mirrored).toEqual(allocate(total, parts).map((share) => share + 0));
      }),
    );
  });

  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [2, [1, 1, 1], [1, 1, 0]],
    [5, [0, 0], [5, 0]],
    [5, [], []],
  ])('of %i over %j is %j: ties go to the earlier part', (total, parts, expected) => {
    expect(allocate(total, parts)).toEqual(expected);
  });
});

describe('decimalOf', () => {
  it.each([
    [24_900, 'INR', '249.00'],
    [5, 'EUR', '0.05'],
    [-1_234, 'EUR', '-12.34'],
    [1_000, 'JPY', '1000'],
    [3_375, 'KWD', '3.375'],
    [7, 'KWD', '0.007'],
    [0, 'KWD', '0.000'],
  ])('writes %i of %s as %s', (amountMinor, currency, text) => {
    expect(decimalOf(amountMinor, currency)).toBe(text);
  });
});
