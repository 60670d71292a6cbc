import { describe, expect, it } from 'vitest';
import {
  itemAvailabilityOf,
  type ItemAvailabilitySubject,
} from '../../../src/modules/restaurants/item-availability.ts';

/** Friday, 12:30 in Saffron Bay. */
const at = new Date('2026-11-20T07:00:00.000Z');
const restaurant = { timeZone: 'Asia/Kolkata' };
const breakfast = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '07:00', closes: '11:00' }));
const lunch = breakfast.map((span) => ({ ...span, opens: '12:00', closes: '15:00' }));

const availability = (changes: Partial<ItemAvailabilitySubject>) =>
  itemAvailabilityOf({ isAvailable: true, soldOutUntil: null, ...changes }, { at, restaurant });

describe('itemAvailabilityOf', () => {
  it('lets a dish that is always served be had', () => {
    expect(availability({})).toEqual({ isAvailable: true, reason: null, nextAvailableAt: null, availableUntil: null });
  });

  it('says when its mealtime ends, and when it begins again', () => {
    expect(availability({ mealtimes: lunch }).availableUntil).toEqual(new Date('2026-11-20T09:30:00Z'));
    expect(availability({ mealtimes: breakfast })).toMatchObject({
      reason: 'outside_mealtime',
      nextAvailableAt: new Date('2026-11-21T01:30:00Z'),
    });
  });

  it('is sold out up to its time, and comes back with a mealtime', () => {
    const soldOutUntil = new Date('2026-11-20T08:00:00Z');
    expect(availability({ soldOutUntil })).toMatchObject({ reason: 'sold_out', nextAvailableAt: soldOutUntil });
    expect(availability({ soldOutUntil, mealtimes: breakfast }).nextAvailableAt).toEqual(
      new Date('2026-11-21T01:30:00Z'),
    );
    expect(availability({ soldOutUntil: at }).isAvailable).toBe(true);
  });

  it.each([
    ['switched off', { isAvailable: false }, 'sold_out'],
    ['none left', { stock: 0 }, 'out_of_stock'],
    ['none left of what is sold out', { stock: 0, soldOutUntil: new Date('2026-11-20T08:00:00Z') }, 'sold_out'],
  ])('needs a person to bring back what is %s', (_, changes, reason) => {
    expect(availability(changes)).toEqual({ isAvailable: false, reason, nextAvailableAt: null, availableUntil: null });
  });

  it('is there while one is left', () => {
    expect(availability({ stock: 1 }).isAvailable).toBe(true);
  });
});

describe('itemAvailabilityOf a dish that is chosen of', () => {
  const here = { isAvailable: true, soldOutUntil: null };
  const gone = { isAvailable: false, soldOutUntil: null };
  const back = (iso: string) => ({ isAvailable: true, soldOutUntil: new Date(iso) });
  const group = (minSelect: number, options: ItemAvailabilitySubject[]) => ({ optionGroups: [{ minSelect, options }] });

  it.each([
    ['all sizes are', { sizes: [gone, gone] }],
    ['all options of a required group are', group(1, [gone, gone])],
    ['fewer options are left than must be chosen, as the others are', group(2, [here, gone, gone])],
    ['a required group has too few options that ever were, or all are', group(2, [here])],
    [
      'the only option asks for more, of which all are',
      group(1, [{ ...here, groups: [{ minSelect: 1, options: [gone] }] }]),
    ],
  ])('says choices_sold_out where %s sold out', (_, changes) => {
    expect(availability(changes)).toMatchObject({
      isAvailable: false,
      reason: 'choices_sold_out',
      nextAvailableAt: null,
    });
  });

  it.each([
    ['one size', { sizes: [gone, here] }],
    ['enough options', group(2, [here, gone, here])],
    [
      'a way around the option that asks for what is sold out',
      group(1, [{ ...here, groups: [{ minSelect: 1, options: [gone] }] }, here]),
    ],
  ])('lets it be had while %s is left', (_, changes) => {
    expect(availability(changes).isAvailable).toBe(true);
  });

  it('lets it be had without what may be left out', () => {
    expect(availability(group(0, [gone])).isAvailable).toBe(true);
  });

  it('comes back with the last choice that it needs, in a mealtime', () => {
    const choices = {
      sizes: [back('2026-11-20T09:00:00Z'), back('2026-11-20T08:00:00Z')],
      ...group(2, [here, gone, back('2026-11-20T08:30:00Z')]),
    };
    expect(availability(choices).nextAvailableAt).toEqual(new Date('2026-11-20T08:30:00Z'));
    expect(availability({ ...choices, mealtimes: breakfast }).nextAvailableAt).toEqual(
      new Date('2026-11-21T01:30:00Z'),
    );
    expect(availability({ ...choices, ...back('2026-11-20T10:00:00Z') })).toMatchObject({
      reason: 'sold_out',
      nextAvailableAt: new Date('2026-11-20T10:00:00Z'),
    });
  });
});
