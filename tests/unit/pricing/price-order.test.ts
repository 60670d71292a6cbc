import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOrder, type PricingInput, type PricingLine } from '../../../src/modules/pricing/price-order.ts';

function line(id: string, changes: Partial<PricingLine> = {}): PricingLine {
  return { id, unitPriceMinor: 10_000, optionPricesMinor: [], quantity: 1, taxCategory: 'food', ...changes };
}

function input(changes: Partial<PricingInput> = {}): PricingInput {
  return {
    currency: 'INR',
    lines: [line('a')],
    distanceMeters: 1_500,
    feeTable: {
      bands: [
        { upToMeters: 2_000, feeMinor: 2_500 },
        { upToMeters: 5_000, feeMinor: 4_900 },
      ],
      freeDeliveryOverMinor: null,
    },
    taxRates: { food: 500, drink: 1_800 },
    pricesIncludeTax: false,
    ...changes,
  };
}

describe('priceOrder', () => {
  it('adds items with options, the delivery fee, tax per category, service fee and tip', () => {
    const lines = [
      line('a', { unitPriceMinor: 24_900, optionPricesMinor: [3_000, 1_500], quantity: 2 }),
      line('b', { unitPriceMinor: 6_050, taxCategory: 'drink' }),
    ];
    const priced = priceOrder(input({ lines, serviceFeeMinor: 900, tipMinor: 2_000 }));
    expect(priced.lines).toEqual([
      {
        id: 'a',
        quantity: 2,
        unitMinor: 29_400,
        reductionMinor: 0,
        discountMinor: 0,
        subtotalMinor: 58_800,
        taxCategory: 'food',
        taxMinor: 2_940,
        totalMinor: 61_740,
      },
      {
        id: 'b',
        quantity: 1,
        unitMinor: 6_050,
        reductionMinor: 0,
        discountMinor: 0,
        subtotalMinor: 6_050,
        taxCategory: 'drink',
        taxMinor: 1_089,
        totalMinor: 7_139,
      },
    ]);
    expect(priced.taxes).toEqual([
      { category: 'drink', basisPoints: 1_800, taxableMinor: 6_050, taxMinor: 1_089 },
      { category: 'food', basisPoints: 500, taxableMinor: 58_800, taxMinor: 2_940 },
    ]);
    expect(priced).toMatchObject({
      itemsMinor: 64_850,
      deliveryFeeMinor: 2_500,
      serviceFeeMinor: 900,
      taxMinor: 4_029,
    });
    expect(priced.totalMinor).toBe(64_850 + 2_500 + 900 + 4_029 + 2_000);
  });

  it('takes the tax out of inclusive prices and does not add it again', () => {
    const priced = priceOrder(input({ lines: [line('a', { unitPriceMinor: 10_500 })], pricesIncludeTax: true }));
    expect(priced).toMatchObject({ taxMinor: 500, totalMinor: 13_000 });
    expect(priced.lines[0]).toMatchObject({ subtotalMinor: 10_500, taxMinor: 500, totalMinor: 10_500 });
  });

  it('taxes delivery and service where the restaurant has a rate for them', () => {
    const priced = priceOrder(
      input({ taxRates: { food: 500, delivery: 1_800, service: 1_800 }, serviceFeeMinor: 1_000 }),
    );
    expect(priced.taxes.map(({ category, taxMinor }) => [category, taxMinor])).toEqual([
      ['delivery', 450],
      ['food', 500],
      ['service', 180],
    ]);
    expect(priced.totalMinor).toBe(10_000 + 2_500 + 1_000 + 1_130);
  });

  it('rounds tax once per category, not once per line', () => {
    const lines = ['a', 'b', 'c'].map((id) => line(id, { unitPriceMinor: 3_333 }));
    const priced = priceOrder(input({ lines }));
    expect(priced.taxMinor).toBe(500);
    expect(priced.lines.map(({ taxMinor }) => taxMinor)).toEqual([167, 167, 166]);
  });

  it('gives the odd unit of tax to the same line, whatever the order of the cart', () => {
    const lines = ['c', 'b', 'a'].map((id) => line(id, { unitPriceMinor: 3_333 }));
    expect(priceOrder(input({ lines })).lines.map(({ id, taxMinor }) => [id, taxMinor])).toEqual([
      ['c', 166],
      ['b', 167],
      ['a', 167],
    ]);
  });

  it.each([
    [19, 500, 1],
    [9, 500, 0],
    [1, 10_000, 1],
    [3_333, 500, 159],
  ])('rounds the tax within %i at %i basis points half up to %i', (unitPriceMinor, food, taxMinor) => {
    const lines = [line('a', { unitPriceMinor })];
    expect(priceOrder(input({ lines, taxRates: { food }, pricesIncludeTax: true })).taxMinor).toBe(taxMinor);
  });

  it.each([
    [false, 36_210, 905],
    [true, 38_022, 905],
  ])(
    'rounds CGST and SGST by themselves, so that both are the same (tax inside: %s)',
    (pricesIncludeTax, price, half) => {
      const terms = input({ lines: [line('a', { unitPriceMinor: price })], pricesIncludeTax });
      // By the whole rate it would be 18.11, which nobody can halve.
      expect(priceOrder(terms).taxMinor).toBe(1_811);
      expect(priceOrder({ ...terms, taxParts: 2 })).toMatchObject({ taxParts: 2, taxMinor: 2 * half });
    },
  );

  it('keeps yen whole', () => {
    const lines = [
      line('a', { unitPriceMinor: 1_280, quantity: 3 }),
      line('b', { unitPriceMinor: 333, taxCategory: 'drink' }),
    ];
    const priced = priceOrder(
      input({ currency: 'JPY', lines, taxRates: { food: 800, drink: 1_000 }, pricesIncludeTax: true }),
    );
    expect(priced.taxes.map(({ taxMinor }) => taxMinor)).toEqual([30, 284]);
    expect(priced.totalMinor).toBe(3_840 + 333 + 2_500);
  });

  it('does not read a rate from the prototype of the table', () => {
    expect(priceOrder(input({ lines: [line('a', { taxCategory: 'constructor' })] })).taxMinor).toBe(0);
  });

  it.each([
    ['a fraction', { unitPriceMinor: 10.5 }],
    ['a negative price', { unitPriceMinor: -1 }],
    ['a negative option', { optionPricesMinor: [-500] }],
    ['no pieces', { quantity: 0 }],
    ['half a piece', { quantity: 1.5 }],
    ['more than can be counted', { unitPriceMinor: Number.MAX_SAFE_INTEGER, quantity: 2 }],
  ])('refuses %s', (_name, changes) => {
    expect(() => priceOrder(input({ lines: [line('a', changes)] }))).toThrow(RangeError);
  });

  it('refuses two lines with one id and a negative tip', () => {
    expect(() => priceOrder(input({ lines: [line('a'), line('a')] }))).toThrow(RangeError);
    expect(() => priceOrder(input({ tipMinor: -1 }))).toThrow(RangeError);
  });
});

describe('priceOrder for any cart', () => {
  const amount = fc.integer({ min: 0, max: 5_000_00 });
  const anyLine = fc.record({
    unitPriceMinor: amount,
    optionPricesMinor: fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 4 }),
    quantity: fc.integer({ min: 1, max: 50 }),
    taxCategory: fc.constantFrom('food', 'drink', 'alcohol', 'untaxed'),
  });
  const rate = fc.integer({ min: 0, max: 3_000 });
  const anyInput: fc.Arbitrary<PricingInput> = fc.record({
    currency: fc.constantFrom('INR', 'JPY', 'EUR'),
    lines: fc
      .array(anyLine, { maxLength: 12 })
      .map((lines) => lines.map((one, index) => ({ id: `line-${index}`, ...one }))),
    distanceMeters: fc.integer({ min: 0, max: 12_000 }),
    feeTable: fc.record({
      bands: fc
        .array(amount, { maxLength: 4 })
        .map((fees) => fees.map((feeMinor, i) => ({ upToMeters: (i + 1) * 2_000, feeMinor }))),
      freeDeliveryOverMinor: fc.option(amount, { nil: null }),
    }),
    taxRates: fc.record({ food: rate, drink: rate, alcohol: rate, delivery: rate, service: rate }),
    taxParts: fc.constantFrom(undefined, 2),
    pricesIncludeTax: fc.boolean(),
    serviceFeeMinor: amount,
    tipMinor: amount,
  });

  it('makes each tax of equal whole parts where the state takes several, within half a unit each', () => {
    fc.assert(
      fc.property(anyInput, fc.integer({ min: 2, max: 3 }), (cart, taxParts) => {
        const { taxes, taxParts: kept } = priceOrder({ ...cart, taxParts });
        expect(kept).toBe(taxParts);
        for (const { basisPoints, taxableMinor, taxMinor } of taxes) {
          expect(taxMinor % taxParts).toBe(0);
          const exact = (taxableMinor * basisPoints) / (cart.pricesIncludeTax ? 10_000 + basisPoints : 10_000);
          expect(Math.abs(taxMinor - exact)).toBeLessThanOrEqual(taxParts / 2 + 1e-6);
        }
      }),
    );
  });

  it.each([
    ['reached', 29_400, { deliveryFeeMinor: 0, freeWayMinor: 4_900 }],
    ['not reached', 29_401, { deliveryFeeMinor: 4_900 }],
  ])('remembers what a free-delivery threshold that is %s let go of', (_what, freeDeliveryOverMinor, expected) => {
    const { feeTable } = input();
    const lines = [line('a', { unitPriceMinor: 29_400, optionPricesMinor: [], quantity: 1 })];
    const terms = { lines, distanceMeters: 4_000, feeTable: { bands: feeTable?.bands ?? [], freeDeliveryOverMinor } };
    const { deliveryFeeMinor, freeWayMinor, totalMinor } = priceOrder(input({ ...terms, taxRates: {} }));
    expect({ deliveryFeeMinor, ...(freeWayMinor === undefined ? {} : { freeWayMinor }) }).toEqual(expected);
    expect(totalMinor).toBe(29_400 + deliveryFeeMinor);
  });

  it('sums exactly, in whole units that are never negative', () => {
    fc.assert(
      fc.property(anyInput, (cart) => {
        const priced = priceOrder(cart);
        const addedTax = cart.pricesIncludeTax ? 0 : priced.taxMinor;
        const { itemsMinor, deliveryFeeMinor, serviceFeeMinor, tipMinor } = priced;
        expect(priced.totalMinor).toBe(itemsMinor + deliveryFeeMinor + serviceFeeMinor + addedTax + tipMinor);
        expect(priced.lines.reduce((sum, { subtotalMinor }) => sum + subtotalMinor, 0)).toBe(itemsMinor);
        expect(priced.taxes.reduce((sum, { taxMinor }) => sum + taxMinor, 0)).toBe(priced.taxMinor);
        const figures = [...priced.lines, ...priced.taxes, priced].flatMap((part) => Object.values(part) as unknown[]);
        for (const figure of figures.filter((value) => typeof value === 'number')) {
          expect(Number.isSafeInteger(figure) && figure >= 0).toBe(true);
        }
      }),
    );
  });

  it('spreads the tax of a category over its lines without loss', () => {
    fc.assert(
      fc.property(anyInput, (cart) => {
        const priced = priceOrder(cart);
        for (const { category, taxMinor } of priced.taxes.filter(
          ({ category }) => !['delivery', 'service'].includes(category),
        )) {
          const lines = priced.lines.filter(({ taxCategory }) => taxCategory === category);
          expect(lines.reduce((sum, priced) => sum + priced.taxMinor, 0)).toBe(taxMinor);
        }
      }),
    );
  });

  it('is the same in any order of lines', () => {
    const shuffled = anyInput.chain((cart) =>
      fc
        .shuffledSubarray([...cart.lines], { minLength: cart.lines.length })
        .map((lines) => ({ cart, other: { ...cart, lines } })),
    );
    fc.assert(
      fc.property(shuffled, ({ cart, other }) => {
        const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
        const [one, two] = [priceOrder(cart), priceOrder(other)];
        expect({ ...two, lines: two.lines.sort(byId) }).toEqual({ ...one, lines: one.lines.sort(byId) });
      }),
    );
  });

  it('contains in an inclusive price the tax that the exclusive net would bear, within one unit', () => {
    fc.assert(
      fc.property(amount, rate, (price, food) => {
        const cart = input({
          lines: [line('a', { unitPriceMinor: price })],
          taxRates: { food },
          pricesIncludeTax: true,
        });
        const included = priceOrder(cart).taxMinor;
        const net = line('a', { unitPriceMinor: price - included });
        const added = priceOrder({ ...cart, lines: [net], pricesIncludeTax: false }).taxMinor;
        expect(Math.abs(included - added)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
