import { describe, expect, it } from 'vitest';
import { isAppError, type AppError, type FieldProblem } from '../../../src/errors/index.ts';
import { assertMinimum, assertTakesOrder, orderableLines } from '../../../src/modules/checkout/can-order.ts';
import { buildOpenRestaurant, buildPricedLine } from './builders.ts';

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

describe('assertTakesOrder', () => {
  it('lets an open restaurant within reach take the order', () => {
    expect(() => {
      assertTakesOrder(buildOpenRestaurant(), { at: AT, deliveryAddress: { location: NEAR } });
    }).not.toThrow();
  });

  it('says when a paused restaurant opens again', () => {
    const pausedUntil = new Date(AT.getTime() + 20 * 60_000);
    const restaurant = buildOpenRestaurant({ pausedUntil });
    expect(
      refusalOf(() => {
        assertTakesOrder(restaurant, { at: AT, deliveryAddress: { location: NEAR } });
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
        assertTakesOrder(restaurant, { at: AT, deliveryAddress: { location: NEAR } });
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
        assertTakesOrder(restaurant, { at: AT, deliveryAddress: { location: NEAR } });
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

describe('assertMinimum', () => {
  const terms = { minimumOrderMinor: 14_900 } as never;
  const pricing = (itemsMinor: number) => ({ ...{ itemsMinor, currency: 'INR' } }) as never;

  it('accepts exactly the minimum and refuses one unit less, with both figures', () => {
    expect(() => {
      assertMinimum(terms, pricing(14_900));
    }).not.toThrow();
    expect(
      refusalOf(() => {
        assertMinimum(terms, pricing(14_899));
      }),
    ).toMatchObject({
      code: 'below_minimum',
      details: { minimumMinor: 14_900, subtotalMinor: 14_899, currency: 'INR' },
    });
  });

  it('asks for none where the customer collects', () => {
    expect(() => {
      assertMinimum({ minimumOrderMinor: 0 } as never, pricing(1));
    }).not.toThrow();
  });
});

describe('a slot', () => {
  // Slots of half an hour; 18:00 in India.
  const FREE = new Date('2026-11-20T14:30:00.000Z');
  const collect = (startAt: Date) => ({ at: AT, deliveryAddress: null, slot: { startAt } });
  const both = () => buildOpenRestaurant({ modes: ['delivery', 'collection'] });

  it('that the list gives is taken, and its kitchen begins its preparation before it', () => {
    const { slot, beginsAt, feeTable } = assertTakesOrder(both(), collect(FREE));
    expect(slot?.from).toEqual(FREE);
    expect(slot?.to).toEqual(new Date('2026-11-20T15:00:00.000Z'));
    expect(beginsAt).toEqual(new Date('2026-11-20T14:10:00.000Z'));
    expect(feeTable).toBeNull();
  });

  it.each([
    ['begins at no slot', new Date('2026-11-20T14:31:00.000Z'), 'no_such_slot'],
    ['has passed', new Date('2026-11-20T11:30:00.000Z'), 'no_such_slot'],
    ['needs a kitchen that began already', new Date('2026-11-20T12:30:00.000Z'), 'too_soon'],
    ['lies beyond what a hold on a card lasts', new Date('2026-11-26T14:30:00.000Z'), 'too_far_ahead'],
  ])('that %s is refused', (_, startAt, reason) => {
    const refusal = refusalOf(() => assertTakesOrder(both(), collect(startAt)));
    expect(refusal).toMatchObject({ code: 'slot_unavailable', details: { reason } });
  });

  it('whose kitchen is full is refused', () => {
    const restaurant = { ...both(), capacity: { slotMinutes: 30, maxOrders: 2 } };
    const counts = new Map([[new Date('2026-11-20T14:00:00.000Z').getTime(), 2]]);
    const refusal = refusalOf(() => assertTakesOrder(restaurant, { ...collect(FREE), counts }));
    expect(refusal).toMatchObject({ code: 'slot_unavailable', details: { reason: 'capacity_full' } });
  });

  it('of a house where nothing is collected is no question of the slot', () => {
    const refusal = refusalOf(() => assertTakesOrder(buildOpenRestaurant(), collect(FREE)));
    expect(refusal).toMatchObject({ code: 'restaurant_unavailable', details: { reason: 'mode_unavailable' } });
  });
});
