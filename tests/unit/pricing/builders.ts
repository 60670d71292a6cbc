import fc from 'fast-check';
import type { PricingInput, PricingLine } from '../../../src/modules/pricing/price-order.ts';

export function line(id: string, changes: Partial<PricingLine> = {}): PricingLine {
  return { id, unitPriceMinor: 10_000, optionPricesMinor: [], quantity: 1, taxCategory: 'food', ...changes };
}

/** One dish of 100.00 with 5 % tax on top, brought for 25.00. */
export function pricingInput(changes: Partial<PricingInput> = {}): PricingInput {
  return {
    ...{ currency: 'INR', lines: [line('a')], distanceMeters: 1_500 },
    feeTable: { bands: [{ upToMeters: 5_000, feeMinor: 2_500 }], freeDeliveryOverMinor: null },
    ...{ taxRates: { food: 500 }, pricesIncludeTax: false },
    ...changes,
  };
}

export function sumOf<K extends string>(rows: readonly Record<K, number>[], key: K): number {
  return rows.reduce((sum, row) => sum + row[key], 0);
}

const amount = fc.integer({ min: 0, max: 500_000 });
const rate = fc.integer({ min: 0, max: 3_000 });

const anyLine = fc.record({
  unitPriceMinor: amount,
  optionPricesMinor: fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 3 }),
  quantity: fc.integer({ min: 1, max: 20 }),
  taxCategory: fc.constantFrom('food', 'beverage', 'untaxed', 'service'),
});

const anyDiscount = fc.record({
  kind: fc.constantFrom('percentage' as const, 'amount' as const, 'free_delivery' as const),
  value: fc.integer({ min: 0, max: 10_000 }),
  maxDiscountMinor: fc.option(amount, { nil: null }),
  lineIds: fc.option(fc.subarray(['line-0', 'line-1', 'line-2', 'line-3']), { nil: null }),
});

/** Any cart with any fees and any coupon. */
export const anyPricing: fc.Arbitrary<PricingInput> = fc.record({
  currency: fc.constantFrom('INR', 'JPY', 'EUR', 'KWD'),
  lines: fc
    .array(anyLine, { maxLength: 8 })
    .map((lines) => lines.map((one, index) => ({ id: `line-${index}`, ...one }))),
  distanceMeters: fc.integer({ min: 0, max: 8_000 }),
  feeTable: fc.option(
    fc.record({
      bands: fc
        .array(amount, { maxLength: 3 })
        .map((fees) => fees.map((feeMinor, i) => ({ upToMeters: (i + 1) * 2_000, feeMinor }))),
      freeDeliveryOverMinor: fc.option(amount, { nil: null }),
    }),
    { nil: null },
  ),
  taxRates: fc.record({ food: rate, beverage: rate, delivery: rate, service: rate, packaging: rate }),
  taxParts: fc.constantFrom(undefined, 2),
  pricesIncludeTax: fc.boolean(),
  serviceFeeMinor: amount,
  packagingFeeMinor: amount,
  smallOrderFee: fc.option(fc.record({ belowMinor: amount, feeMinor: amount }), { nil: null }),
  discount: fc.option(anyDiscount, { nil: null }),
  tipMinor: amount,
});
