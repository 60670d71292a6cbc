import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DiscountTerms } from '../../../src/modules/pricing/breakdown.ts';
import { priceOrder, type PricingInput } from '../../../src/modules/pricing/price-order.ts';
import { anyPricing, line, pricingInput, sumOf } from './builders.ts';

function percentage(changes: Partial<DiscountTerms> = {}): DiscountTerms {
  return { kind: 'percentage', value: 2_000, maxDiscountMinor: null, lineIds: null, ...changes };
}

describe('priceOrder with fees of the house', () => {
  it('charges packaging always and the small-order fee below its limit, before any discount', () => {
    const small = { packagingFeeMinor: 1_500, smallOrderFee: { belowMinor: 10_001, feeMinor: 2_000 } };
    expect(priceOrder(pricingInput(small))).toMatchObject({ packagingFeeMinor: 1_500, smallOrderFeeMinor: 2_000 });
    const enough = { ...small, smallOrderFee: { belowMinor: 10_000, feeMinor: 2_000 }, discount: percentage() };
    expect(priceOrder(pricingInput(enough))).toMatchObject({ packagingFeeMinor: 1_500, smallOrderFeeMinor: 0 });
  });

  it('taxes packaging under its own name and the small-order fee as a service', () => {
    const priced = priceOrder(
      pricingInput({
        taxRates: { service: 1_800, packaging: 500, delivery: 1_000 },
        ...{ serviceFeeMinor: 1_000, packagingFeeMinor: 1_000, smallOrderFee: { belowMinor: 20_000, feeMinor: 500 } },
      }),
    );
    expect(priced.feeTaxMinor).toEqual({ delivery: 250, service: 180, packaging: 50, smallOrder: 90 });
    expect(priced.taxMinor).toBe(570);
    expect(priced.totalMinor).toBe(10_000 + 2_500 + 1_000 + 1_000 + 500 + 570);
  });

  it('has no row of tax for what costs nothing', () => {
    const free = { feeTable: null, taxRates: { food: 500, delivery: 1_800, service: 1_800, packaging: 500 } };
    expect(priceOrder(pricingInput(free)).taxes.map(({ category }) => category)).toEqual(['food']);
  });

  it('takes no line for a fee, whatever the line is called', () => {
    const lines = ['delivery', 'packaging', 'service', 'small-order'].map((id) => line(id));
    const priced = priceOrder(pricingInput({ lines, taxRates: { food: 500, delivery: 1_000 } }));
    expect(priced.lines.map(({ taxMinor }) => taxMinor)).toEqual([500, 500, 500, 500]);
    expect(priced.feeTaxMinor).toEqual({ delivery: 250, service: 0, packaging: 0, smallOrder: 0 });
  });

  it('delivers nothing without a fee table', () => {
    expect(priceOrder(pricingInput({ feeTable: null }))).toMatchObject({ deliveryFeeMinor: 0, totalMinor: 10_500 });
  });
});

describe('priceOrder with a coupon', () => {
  it('takes a fifth off before the tax that is added', () => {
    const priced = priceOrder(pricingInput({ discount: percentage() }));
    expect(priced).toMatchObject({ itemsDiscountMinor: 2_000, taxMinor: 400, totalMinor: 8_000 + 400 + 2_500 });
    expect(priced.lines[0]).toMatchObject({
      subtotalMinor: 10_000,
      discountMinor: 2_000,
      taxMinor: 400,
      totalMinor: 8_400,
    });
  });

  it('takes a fifth off and finds the tax in what is left of inclusive prices', () => {
    const priced = priceOrder(
      pricingInput({ discount: percentage(), pricesIncludeTax: true, taxRates: { food: 2_500 } }),
    );
    expect(priced).toMatchObject({ itemsDiscountMinor: 2_000, taxMinor: 1_600, totalMinor: 8_000 + 2_500 });
  });

  it('spreads the odd units by the largest remainder', () => {
    const lines = [
      line('a', { unitPriceMinor: 333 }),
      line('b', { unitPriceMinor: 333 }),
      line('c', { unitPriceMinor: 334 }),
    ];
    const discount = percentage({ kind: 'amount', value: 100 });
    const priced = priceOrder(pricingInput({ lines, discount }));
    expect(priced.lines.map(({ discountMinor }) => discountMinor)).toEqual([33, 33, 34]);
  });

  it('gives the odd unit among equals to the same line, whatever the order of the cart', () => {
    const lines = ['a', 'b', 'c'].map((id) => line(id, { unitPriceMinor: 333 }));
    const discount = percentage({ kind: 'amount', value: 100 });
    for (const cart of [lines, lines.toReversed()]) {
      const shares = priceOrder(pricingInput({ lines: cart, discount })).lines.map((one) => [
        one.id,
        one.discountMinor,
      ]);
      expect(Object.fromEntries(shares)).toEqual({ a: 34, b: 33, c: 33 });
    }
  });

  it.each([
    ['the cap', percentage({ maxDiscountMinor: 1_234 }), 1_234],
    ['the lines that take part', percentage({ kind: 'amount', value: 99_999, lineIds: ['b'] }), 5_000],
    ['a fifth of them', percentage({ lineIds: ['b'] }), 1_000],
    ['nothing, where none does', percentage({ lineIds: [] }), 0],
  ])('takes off at most %s', (_, discount, expected) => {
    const lines = [line('a'), line('b', { unitPriceMinor: 5_000 })];
    expect(priceOrder(pricingInput({ lines, discount })).itemsDiscountMinor).toBe(expected);
  });

  it.each(['percentage', 'amount', 'free_delivery'] as const)(
    'of kind %s makes no order small, and no delivery dearer',
    (kind) => {
      const edge = {
        smallOrderFee: { belowMinor: 10_000, feeMinor: 2_000 },
        feeTable: { bands: [{ upToMeters: 5_000, feeMinor: 2_500 }], freeDeliveryOverMinor: 10_000 },
      };
      const priced = priceOrder(pricingInput({ ...edge, discount: percentage({ kind, value: 100 }) }));
      expect(priced).toMatchObject({ smallOrderFeeMinor: 0, deliveryFeeMinor: 0, freeWayMinor: 2_500 });
    },
  );

  it('takes off the delivery fee, with its tax, up to the cap', () => {
    const free = percentage({ kind: 'free_delivery', value: 0 });
    const taxRates = { delivery: 1_800 };
    expect(priceOrder(pricingInput({ discount: free, taxRates }))).toMatchObject({
      ...{
        deliveryFeeMinor: 2_500,
        deliveryDiscountMinor: 2_500,
        itemsDiscountMinor: 0,
        taxMinor: 0,
        totalMinor: 10_000,
      },
    });
    const capped = priceOrder(pricingInput({ discount: { ...free, maxDiscountMinor: 1_000 }, taxRates }));
    expect(capped).toMatchObject({ deliveryDiscountMinor: 1_000, taxMinor: 270, totalMinor: 10_000 + 1_500 + 270 });
  });

  it('comes to nothing but the tip where all is taken off', () => {
    const input = pricingInput({ discount: percentage({ value: 10_000 }), feeTable: null, tipMinor: 700 });
    expect(priceOrder(input)).toMatchObject({ itemsDiscountMinor: 10_000, taxMinor: 0, totalMinor: 700 });
  });

  it.each([
    // 1,000 yen less 10 % is 900, of which 8/108 are tax.
    ['JPY', 1_000, { itemsDiscountMinor: 100, taxMinor: 67, totalMinor: 900 }],
    // 3.750 dinars less 10 % (0.375) is 3.375, of which 8/108 are 0.250 tax.
    ['KWD', 3_750, { itemsDiscountMinor: 375, taxMinor: 250, totalMinor: 3_375 }],
  ])('keeps %s in its own minor units', (currency, unitPriceMinor, expected) => {
    const changes = { feeTable: null, taxRates: { food: 800 }, pricesIncludeTax: true };
    const discount = percentage({ value: 1_000 });
    const lines = [line('a', { unitPriceMinor })];
    expect(priceOrder(pricingInput({ currency, lines, discount, ...changes }))).toMatchObject(expected);
  });

  it('refuses a negative value or cap', () => {
    expect(() => priceOrder(pricingInput({ discount: percentage({ value: -1 }) }))).toThrow(RangeError);
    expect(() => priceOrder(pricingInput({ discount: percentage({ maxDiscountMinor: -1 }) }))).toThrow(RangeError);
  });
});

describe('priceOrder for any cart with any coupon', () => {
  it('sums exactly, line by line and in all, and is never negative', () => {
    fc.assert(
      fc.property(anyPricing, (input) => {
        const priced = priceOrder(input);
        const { deliveryFeeMinor, serviceFeeMinor, packagingFeeMinor, smallOrderFeeMinor, feeTaxMinor } = priced;
        const feesMinor = deliveryFeeMinor + serviceFeeMinor + packagingFeeMinor + smallOrderFeeMinor;
        const discountMinor = priced.itemsDiscountMinor + priced.deliveryDiscountMinor;
        const addedTaxMinor = input.pricesIncludeTax ? 0 : priced.taxMinor;
        expect(priced.totalMinor).toBe(priced.itemsMinor + feesMinor - discountMinor + priced.tipMinor + addedTaxMinor);
        expect(sumOf(priced.lines, 'subtotalMinor')).toBe(priced.itemsMinor);
        expect(sumOf(priced.lines, 'discountMinor')).toBe(priced.itemsDiscountMinor);
        const { delivery, service, packaging, smallOrder } = feeTaxMinor;
        expect(sumOf(priced.lines, 'taxMinor') + delivery + service + packaging + smallOrder).toBe(priced.taxMinor);
        expect(sumOf(priced.taxes, 'taxMinor')).toBe(priced.taxMinor);
        for (const { discountMinor: share, subtotalMinor, totalMinor } of priced.lines) {
          expect(share <= subtotalMinor && share >= 0 && totalMinor >= 0).toBe(true);
        }
        expect(priced.totalMinor).toBeGreaterThanOrEqual(priced.tipMinor);
      }),
    );
  });

  it('takes off no more than the cap, the eligible lines and the delivery fee', () => {
    fc.assert(
      fc.property(anyPricing, (input) => {
        const { lines, itemsDiscountMinor, deliveryDiscountMinor, deliveryFeeMinor, discount } = priceOrder(input);
        const eligible = lines.filter(({ id }) => discount?.lineIds?.includes(id) ?? true);
        expect(itemsDiscountMinor).toBeLessThanOrEqual(sumOf(eligible, 'subtotalMinor'));
        expect(deliveryDiscountMinor).toBeLessThanOrEqual(deliveryFeeMinor);
        const capMinor = discount === null ? 0 : (discount.maxDiscountMinor ?? Infinity);
        expect(itemsDiscountMinor + deliveryDiscountMinor).toBeLessThanOrEqual(capMinor);
      }),
    );
  });

  it('is the same in any order of lines', () => {
    fc.assert(
      fc.property(anyPricing, (input) => {
        const other = priceOrder({ ...input, lines: input.lines.toReversed() });
        expect({ ...other, lines: other.lines.toReversed() }).toEqual(priceOrder(input));
      }),
    );
  });

  it('never costs more with a coupon than without, nor less with a dearer dish', () => {
    fc.assert(
      fc.property(anyPricing, fc.integer({ min: 1, max: 10_000 }), (input, dearer) => {
        const { totalMinor } = priceOrder(input);
        expect(totalMinor).toBeLessThanOrEqual(priceOrder({ ...input, discount: null }).totalMinor);
        const [first, ...rest] = input.lines;
        if (first === undefined) return;
        // Fees may fall with a larger basket: they are not what is asked here.
        const bare: PricingInput = { ...input, feeTable: null, smallOrderFee: null };
        const more = { ...bare, lines: [{ ...first, unitPriceMinor: first.unitPriceMinor + dearer }, ...rest] };
        // A unit that rounding moves to a line with another rate may take at most one unit of tax from each category.
        expect(priceOrder(more).totalMinor).toBeGreaterThanOrEqual(priceOrder(bare).totalMinor - 6);
      }),
    );
  });
});
