import { describe, expect, it } from 'vitest';
import { isAppError, type AppError, type FieldProblem } from '../../../src/errors/index.ts';
import {
  assertMinimum,
  assertStillCookable,
  assertTakesOrder,
  orderableLines,
} from '../../../src/modules/checkout/can-order.ts';
import { agreeTerms } from '../../../src/modules/checkout/quote-terms.ts';
import { buildMenuItem, buildOpenRestaurant, buildPricedLine, sizeGroup } from './builders.ts';

const AT = new Date('2026-11-20T12:30:00.000Z');
const NEAR = { lat: 12.9352, lng: 74.8211 };

function refusalOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const pathsOf = (details: unknown): string[] => (details as FieldProblem[]).map(({ path }) => path);
const codesOf = (details: unknown): string[] => (details as FieldProblem[]).map(({ code }) => code);

describe('assertTakesOrder', () => {
  it('lets an open restaurant within reach take the order', () => {
    expect(() => {
      assertTakesOrder(buildOpenRestaurant(), { at: AT, point: NEAR });
    }).not.toThrow();
  });

  it('says when a paused restaurant opens again', () => {
    const pausedUntil = new Date(AT.getTime() + 20 * 60_000);
    const restaurant = buildOpenRestaurant({ pausedUntil });
    expect(
      refusalOf(() => {
        assertTakesOrder(restaurant, { at: AT, point: NEAR });
      }),
    ).toMatchObject({
      code: 'restaurant_unavailable',
      details: { reason: 'paused', nextOpenAt: pausedUntil.toISOString() },
    });
  });

  it('has no next opening for a restaurant that is not live', () => {
    const restaurant = buildOpenRestaurant({ status: 'suspended' });
    expect(
      refusalOf(() => {
        assertTakesOrder(restaurant, { at: AT, point: NEAR });
      }),
    ).toMatchObject({
      code: 'restaurant_unavailable',
      details: { reason: 'not_live', nextOpenAt: null },
    });
  });

  it('tells an address outside the radius from a closed house', () => {
    const restaurant = buildOpenRestaurant({ deliveryRadiusMeters: 500 });
    expect(
      refusalOf(() => {
        assertTakesOrder(restaurant, { at: AT, point: NEAR });
      }).code,
    ).toBe('out_of_range');
  });
});

describe('orderableLines', () => {
  it('names every problem of every line by its place in the cart', () => {
    const soldOut = { path: 'itemId', code: 'sold_out', message: 'Biryani is sold out.' };
    const noOption = { path: 'optionIds.0', code: 'unknown_option', message: 'The item has no such option.' };
    const lines = [
      buildPricedLine({ id: 'a' }),
      buildPricedLine({ id: 'b', problems: [soldOut] }),
      buildPricedLine({ id: 'c', problems: [soldOut, noOption] }),
    ];
    const { code, details } = refusalOf(() => orderableLines(lines));
    expect(code).toBe('item_unavailable');
    expect(pathsOf(details)).toEqual(['lines.1.itemId', 'lines.2.itemId', 'lines.2.optionIds.0']);
  });
});

describe('assertStillCookable', () => {
  const deliveryAddress = { label: 'Home', line1: '1 Road', city: 'Saffron Bay', location: NEAR };
  const restaurant = buildOpenRestaurant();
  const quoted = agreeTerms({
    ...{ customerId: 'c', restaurant, feeTable: restaurant.feeTable, lines: [buildPricedLine()], deliveryAddress },
    ...{ tipMinor: 0, at: AT },
  }).items;

  it('keeps to the quote when the price or the rules of the menu have changed', () => {
    const changed = buildMenuItem({
      priceMinor: 99_900,
      optionGroups: [
        { ...sizeGroup, minSelect: 1, maxSelect: 1 },
        { id: 'new', name: 'New', minSelect: 1, maxSelect: 1, options: [] },
      ],
    });
    expect(() => {
      assertStillCookable(quoted, [changed]);
    }).not.toThrow();
  });

  it.each([
    ['the item has sold out', [buildMenuItem({ isAvailable: false })], 'sold_out'],
    ['the item has left the menu', [], 'item_removed'],
    [
      'an option has sold out',
      [
        buildMenuItem({
          optionGroups: [
            { ...sizeGroup, options: sizeGroup.options.map((option) => ({ ...option, isAvailable: false })) },
          ],
        }),
      ],
      'option_unavailable',
    ],
    ['an option has left the menu', [buildMenuItem({ optionGroups: [] })], 'unknown_option'],
  ])('refuses when %s', (_, items, problem) => {
    const { code, details } = refusalOf(() => {
      assertStillCookable(quoted, items);
    });
    expect(code).toBe('item_unavailable');
    expect(codesOf(details)).toEqual([problem]);
  });
});

describe('assertMinimum', () => {
  const pricing = (itemsMinor: number) => ({ ...{ itemsMinor, currency: 'INR' } }) as never;

  it('accepts exactly the minimum and refuses one unit less, with both figures', () => {
    expect(() => {
      assertMinimum(14_900, pricing(14_900));
    }).not.toThrow();
    expect(
      refusalOf(() => {
        assertMinimum(14_900, pricing(14_899));
      }),
    ).toMatchObject({
      code: 'below_minimum',
      details: { minimumMinor: 14_900, subtotalMinor: 14_899, currency: 'INR' },
    });
  });
});
