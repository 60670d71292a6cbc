import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineProblems, priceCartLines } from '../../../src/modules/carts/cart-lines.ts';
import { priceOrder } from '../../../src/modules/pricing/price-order.ts';
import type { MenuItem } from '../../../src/modules/menu/index.ts';
import { newId } from '../../../src/shared/ids.ts';

const option = (id: string, priceMinor: number, isAvailable = true) => ({
  ...{ id, name: id, priceMinor, isAvailable },
  soldOutUntil: null,
});

function item(changes: Partial<MenuItem> = {}): MenuItem {
  return {
    id: 'biryani',
    restaurantId: newId(),
    categoryId: newId(),
    name: 'Biryani',
    description: '',
    rank: 1,
    priceMinor: 24_900,
    currency: 'INR',
    taxCategory: 'food',
    allergens: [],
    diets: [],
    isAvailable: true,
    soldOutUntil: null,
    reason: null,
    nextAvailableAt: null,
    stock: null,
    mealtimes: [],
    imageId: null,
    picture: null,
    clipUrl: null,
    sizes: [],
    optionGroups: [
      { id: 'size', name: 'Size', minSelect: 1, maxSelect: 1, options: [option('small', 0), option('large', 6_000)] },
      { id: 'extra', name: 'Extra', minSelect: 0, maxSelect: 1, options: [option('egg', 1_500, false)] },
    ],
    ...changes,
  };
}

const line = (optionIds: string[], quantity = 1) => ({ id: newId(), itemId: 'biryani', quantity, optionIds });

describe('priceCartLines', () => {
  it('prices a line with its options by the menu', () => {
    const [priced] = priceCartLines([line(['large'], 2)], [item()]);
    expect(priced).toMatchObject({ unitPriceMinor: 30_900, lineTotalMinor: 61_800, problems: [] });
  });

  it('keeps a line whose item left the menu, without a price and with the reason', () => {
    const [priced] = priceCartLines([line(['large'])], []);
    expect(priced).toMatchObject({ item: null, unitPriceMinor: 0, lineTotalMinor: 0 });
    expect(priced?.problems).toMatchObject([{ path: 'itemId', code: 'item_removed' }]);
  });

  it('still prices a line that is sold out', () => {
    const [priced] = priceCartLines([line(['small'])], [item({ isAvailable: false })]);
    expect(priced).toMatchObject({ lineTotalMinor: 24_900, problems: [{ path: 'itemId', code: 'sold_out' }] });
  });

  it('agrees with the pricing engine for every menu and quantity', () => {
    const price = fc.integer({ min: 0, max: 500_000 });
    const lines = fc.array(fc.record({ base: price, extra: price, quantity: fc.integer({ min: 1, max: 50 }) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(lines, (drawn) => {
        const items = drawn.map(({ base, extra }, index) =>
          item({
            id: `item-${index}`,
            priceMinor: base,
            optionGroups: [{ id: 'g', name: 'G', minSelect: 1, maxSelect: 1, options: [option('only', extra)] }],
          }),
        );
        const cart = drawn.map(({ quantity }, index) => ({
          ...{ id: String(index), itemId: `item-${index}`, quantity },
          optionIds: ['only'],
        }));
        const priced = priceCartLines(cart, items);
        const engine = priceOrder({
          currency: 'INR',
          lines: drawn.map(({ base, extra, quantity }, index) => ({
            ...{ id: String(index), unitPriceMinor: base, optionPricesMinor: [extra], quantity, taxCategory: 'food' },
          })),
          distanceMeters: 0,
          feeTable: { bands: [], freeDeliveryOverMinor: null },
          taxRates: {},
          pricesIncludeTax: false,
        });
        expect(priced.map(({ lineTotalMinor }) => lineTotalMinor)).toEqual(
          engine.lines.map(({ subtotalMinor }) => subtotalMinor),
        );
      }),
    );
  });
});

describe('lineProblems', () => {
  it.each([
    ['a complete selection', ['small'], []],
    ['a required group left out', [], ['too_few_options']],
    ['two of one', ['small', 'large'], ['too_many_options']],
    ['an option that is sold out', ['small', 'egg'], ['option_unavailable']],
    ['an option of another item', ['small', 'naan'], ['unknown_option']],
  ])('names what is wrong with %s', (_, optionIds, codes) => {
    expect(lineProblems(item(), { optionIds }).map(({ code }) => code)).toEqual(codes);
  });

  it('names the item and its options together', () => {
    const problems = lineProblems(item({ isAvailable: false }), { optionIds: [] });
    expect(problems.map(({ code }) => code)).toEqual(['sold_out', 'too_few_options']);
  });
});
