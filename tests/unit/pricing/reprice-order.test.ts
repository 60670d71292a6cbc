import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discountOf, type Breakdown } from '../../../src/modules/pricing/breakdown.ts';
import { priceOrder } from '../../../src/modules/pricing/price-order.ts';
import { repriceOrder, type LineChange } from '../../../src/modules/pricing/reprice-order.ts';
import { anyPricing, line, pricingInput } from './builders.ts';

/** 100.00 and twice 50.00 with 5 %, less a tenth, brought for 25.00: 180.00 + 9.00 + 25.00. */
const AGREED = priceOrder(
  pricingInput({
    lines: [line('a'), line('b', { unitPriceMinor: 5_000, quantity: 2 })],
    discount: { kind: 'percentage', value: 1_000, maxDiscountMinor: null, lineIds: null },
  }),
);

function replacement(unitMinor: number, taxCategory = 'food'): LineChange {
  return { kind: 'replace', lineId: 'a', with: { id: 'n', unitMinor, quantity: 1, taxCategory } };
}

describe('repriceOrder', () => {
  it('takes a line out, with its share of the discount and of the tax', () => {
    expect(repriceOrder(AGREED, [{ kind: 'remove', lineId: 'a' }])).toMatchObject({
      ...{ itemsMinor: 10_000, itemsDiscountMinor: 1_000, taxMinor: 450, deliveryFeeMinor: 2_500 },
      totalMinor: 9_000 + 450 + 2_500,
    });
  });

  it('keeps the fees of the order though it is small now', () => {
    const agreed = priceOrder(
      pricingInput({ ...pricingOf(AGREED), smallOrderFee: { belowMinor: 15_000, feeMinor: 900 } }),
    );
    expect(repriceOrder(agreed, [{ kind: 'quantity', lineId: 'b', quantity: 1 }])).toMatchObject({
      ...{ itemsMinor: 15_000, smallOrderFeeMinor: 0 },
    });
  });

  it('keeps what the courier gets for a way that was free', () => {
    const feeTable = { bands: [{ upToMeters: 9_000, feeMinor: 2_500 }], freeDeliveryOverMinor: 15_000 };
    const agreed = priceOrder(pricingInput({ lines: [line('a'), line('b', { unitPriceMinor: 5_000 })], feeTable }));
    const after = repriceOrder(agreed, [{ kind: 'remove', lineId: 'a' }]);
    expect(after).toMatchObject({ deliveryFeeMinor: 0, freeWayMinor: 2_500 });
  });

  it('prices a cheaper replacement at its own price', () => {
    const after = repriceOrder(AGREED, [replacement(6_000)]);
    expect(after).toMatchObject({ itemsMinor: 16_000, totalMinor: 14_400 + 720 + 2_500 });
    expect(after.lines.map(({ id, reductionMinor }) => [id, reductionMinor])).toEqual([
      ['n', 0],
      ['b', 0],
    ]);
  });

  it('lets the restaurant go without what a dearer one would add', () => {
    const after = repriceOrder(AGREED, [replacement(13_000)]);
    expect(after.totalMinor).toBe(AGREED.totalMinor);
    expect(after.lines[0]).toMatchObject({ unitMinor: 13_000, reductionMinor: 3_000, subtotalMinor: 10_000 });
  });

  it('takes off no more than was agreed, also where a lower tax would leave room for a dearer dish', () => {
    // Untaxed, 10,500 would cost no more than 10,000 with its tax, and a tenth of it is more than a tenth of that.
    const after = repriceOrder(AGREED, [replacement(10_500, 'untaxed')]);
    expect(after).toMatchObject({ itemsDiscountMinor: 2_000, discount: AGREED.discount });
    expect(after.totalMinor).toBeLessThanOrEqual(AGREED.totalMinor);
  });

  it('keeps what the restaurant has let go of already, at most the line, when its pieces change', () => {
    const agreed = priceOrder(pricingInput());
    const dearer = { id: 'n', unitMinor: 9_000, quantity: 3, taxCategory: 'food' };
    const first = repriceOrder(agreed, [{ kind: 'replace', lineId: 'a', with: dearer }]);
    expect(first.lines[0]).toMatchObject({ reductionMinor: 17_000, subtotalMinor: 10_000 });
    const after = (quantity: number) => repriceOrder(first, [{ kind: 'quantity', lineId: 'n', quantity }]);
    expect(after(2).lines[0]).toMatchObject({ reductionMinor: 17_000, subtotalMinor: 1_000 });
    expect(after(1)).toMatchObject({ itemsMinor: 0, totalMinor: 2_500 });
  });

  it('lets it go without more of several lines by what is left of each', () => {
    const agreed = priceOrder(pricingInput({ lines: [line('a'), line('b')] }));
    const dearer = { id: 'n', unitMinor: 7_000, quantity: 2, taxCategory: 'food' };
    const first = repriceOrder(agreed, [{ kind: 'replace', lineId: 'a', with: dearer }]);
    const more = [
      { kind: 'quantity', lineId: 'n', quantity: 3 },
      { kind: 'quantity', lineId: 'b', quantity: 2 },
    ] satisfies LineChange[];
    // 17,000 and 20,000 are left of the two, and 17,000 too much.
    expect(repriceOrder(first, more).lines.map(({ reductionMinor }) => reductionMinor)).toEqual([4_000 + 7_811, 9_189]);
  });

  it('lets the restaurant go without a unit where rounding alone would make less cost more', () => {
    const units: [string, number, string][] = [
      ['a', 1, 'untaxed'],
      ['b', 21, 'food'],
      ['c', 2, 'beverage'],
    ];
    const agreed = priceOrder(
      pricingInput({
        lines: units.map(([id, unitPriceMinor, taxCategory]) => line(id, { unitPriceMinor, taxCategory })),
        ...{ feeTable: null, taxRates: { food: 2_500, beverage: 1_200 } },
        discount: { kind: 'percentage', value: 1_500, maxDiscountMinor: null, lineIds: null },
      }),
    );
    const after = repriceOrder(agreed, [{ kind: 'remove', lineId: 'a' }]);
    expect(after.totalMinor).toBeLessThanOrEqual(agreed.totalMinor);
    expect(after.lines.map(({ reductionMinor }) => reductionMinor)).toEqual([1, 0]);
  });

  it('gives a replacement the part in the coupon that the line had', () => {
    const some = priceOrder(
      pricingInput({ discount: { kind: 'amount', value: 2_000, maxDiscountMinor: null, lineIds: ['a'] } }),
    );
    expect(repriceOrder(some, [replacement(8_000)])).toMatchObject({ itemsDiscountMinor: 2_000 });
  });

  it.each<[string, LineChange[]]>([
    ['a line that is not there', [{ kind: 'remove', lineId: 'x' }]],
    ['two changes of one line', [replacement(1), { kind: 'remove', lineId: 'a' }]],
    ['an order without lines', ['a', 'b'].map((lineId) => ({ kind: 'remove', lineId }))],
    ['no pieces', [{ kind: 'quantity', lineId: 'b', quantity: 0 }]],
  ])('refuses %s', (_, changes) => {
    expect(() => repriceOrder(AGREED, changes)).toThrow(RangeError);
  });
});

describe('repriceOrder for any order', () => {
  const anyOrder = anyPricing.filter(({ lines }) => lines.length > 1).map(priceOrder);
  const anyChange = fc.oneof(
    fc.constant({ kind: 'remove' as const }),
    fc.record({ kind: fc.constant('quantity' as const), quantity: fc.integer({ min: 1, max: 30 }) }),
    fc.record({
      kind: fc.constant('replace' as const),
      with: fc.record({
        id: fc.constant('new'),
        unitMinor: fc.integer({ min: 0, max: 900_000 }),
        quantity: fc.integer({ min: 1, max: 20 }),
        taxCategory: fc.constantFrom('food', 'beverage', 'untaxed', 'unknown'),
      }),
    }),
  );

  it('is the order itself where nothing changes', () => {
    fc.assert(
      fc.property(anyOrder, (agreed) => {
        expect(repriceOrder(agreed, [])).toEqual(agreed);
      }),
    );
  });

  it('never costs more and takes no more off than was agreed, keeps every fee, and sums exactly', () => {
    fc.assert(
      fc.property(anyOrder, anyChange, (agreed, change) => {
        const after = repriceOrder(agreed, [{ ...change, lineId: 'line-0' }]);
        expect(after.totalMinor).toBeLessThanOrEqual(agreed.totalMinor);
        expect(discountOf(after)).toBeLessThanOrEqual(discountOf(agreed));
        expect(feesOf(after)).toEqual(feesOf(agreed));
        const [charged, taken] = [feesOf(after), discountOf(after)];
        const addedTaxMinor = after.pricesIncludeTax ? 0 : after.taxMinor;
        expect(after.totalMinor).toBe(
          after.itemsMinor + charged.reduce((sum, fee) => sum + fee, 0) - taken + addedTaxMinor,
        );
        for (const { subtotalMinor, reductionMinor } of after.lines) {
          expect(subtotalMinor >= 0 && reductionMinor >= 0).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function feesOf({ deliveryFeeMinor, serviceFeeMinor, packagingFeeMinor, smallOrderFeeMinor, tipMinor }: Breakdown) {
  return [deliveryFeeMinor, serviceFeeMinor, packagingFeeMinor, smallOrderFeeMinor, tipMinor];
}

function pricingOf({ lines }: Breakdown) {
  return {
    lines: lines.map(({ id, unitMinor, quantity }) => line(id, { unitPriceMinor: unitMinor, quantity })),
  };
}
