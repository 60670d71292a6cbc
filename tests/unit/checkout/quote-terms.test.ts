import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { config } from '../../../src/config/index.ts';
import type { OrderableLine } from '../../../src/modules/checkout/can-order.ts';
import { agreeTerms, type TermsInput } from '../../../src/modules/checkout/quote-terms.ts';
import { routeMeters } from '../../../src/shared/geo.ts';
import { idFrom } from '../../../src/shared/ids.ts';
import { buildOpenRestaurant, buildPricedLine } from './builders.ts';

const AT = new Date('2026-11-20T12:30:00.000Z');
const HOME = {
  label: 'Home',
  line1: '12 Lighthouse Road',
  city: 'Saffron Bay',
  location: { lat: 12.9352, lng: 74.8211 },
};

const input = (changes: Partial<TermsInput> = {}): TermsInput => ({
  customerId: idFrom('customer', 1),
  restaurant: buildOpenRestaurant(),
  feeTable: (changes.restaurant ?? buildOpenRestaurant()).feeTable,
  lines: [buildPricedLine()],
  deliveryAddress: HOME,
  tipMinor: 0,
  at: AT,
  ...changes,
});

describe('agreeTerms', () => {
  it('copies names, prices and the address, and measures by road', () => {
    const taxRegistration = { legalName: 'Pepper LLP', addressLine: '7 Road', country: 'IN', number: null };
    const restaurant = buildOpenRestaurant({ taxRegistration });
    const terms = agreeTerms(input({ restaurant, lines: [buildPricedLine({ quantity: 2, note: 'Hot' })] }));
    expect(terms.items).toMatchObject([
      { name: 'Biryani', quantity: 2, unitPriceMinor: 30_900, lineTotalMinor: 61_800, note: 'Hot' },
    ]);
    expect(terms.items[0]?.options).toMatchObject([{ name: 'Large', priceMinor: 6_000 }]);
    expect(terms.distanceMeters).toBe(routeMeters(restaurant.location, HOME.location));
    expect(terms.restaurant).toEqual({
      name: restaurant.name,
      addressLine: restaurant.addressLine,
      phone: restaurant.phone,
      location: restaurant.location,
      timeZone: 'Asia/Kolkata',
      taxRegistration,
    });
    expect(terms.deliveryAddress).toEqual(HOME);
  });

  it('expires after the configured time, to the millisecond', () => {
    const { createdAt, expiresAt } = agreeTerms(input());
    expect(expiresAt.getTime() - createdAt.getTime()).toBe(config.quotes.ttlSeconds * 1000);
  });

  it('promises a later arrival while the kitchen is busy', () => {
    const calm = agreeTerms(input());
    const busy = agreeTerms(
      input({
        restaurant: buildOpenRestaurant({ busyUntil: new Date(AT.getTime() + 60_000), busyExtraPrepMinutes: 15 }),
      }),
    );
    expect(busy.prepMinutes).toBe(calm.prepMinutes + 15);
    expect(busy.eta.to.getTime()).toBeGreaterThan(calm.eta.to.getTime());
  });

  it('has no undefined anywhere, which MongoDB would turn into null', () => {
    expect(
      JSON.stringify(agreeTerms(input()), (_key, value: unknown) => (value === undefined ? 'GONE' : value)),
    ).not.toContain('GONE');
  });

  it('has one total: the sum of its parts, for every cart, fee, tax and tip', () => {
    const price = fc.integer({ min: 0, max: 200_000 });
    const line = fc.record({ base: price, extra: price, quantity: fc.integer({ min: 1, max: 50 }) });
    const terms = fc.record({
      lines: fc.array(line, { minLength: 1, maxLength: 15 }),
      tipMinor: fc.integer({ min: 0, max: 1_000_000 }),
      serviceFeeMinor: price,
      feeMinor: price,
      food: fc.integer({ min: 0, max: 3_000 }),
      delivery: fc.integer({ min: 0, max: 3_000 }),
      pricesIncludeTax: fc.boolean(),
    });
    fc.assert(
      fc.property(terms, ({ lines, tipMinor, serviceFeeMinor, feeMinor, food, delivery, pricesIncludeTax }) => {
        const restaurant = buildOpenRestaurant({
          ...{ serviceFeeMinor, pricesIncludeTax, taxRates: { food, delivery } },
          feeTable: { bands: [{ upToMeters: 50_000, feeMinor }], freeDeliveryOverMinor: null },
        });
        const { items, pricing } = agreeTerms(
          input({ restaurant, tipMinor, lines: lines.map((drawn, index) => drawnLine(drawn, index)) }),
        );
        const itemsMinor = items.reduce((sum, { lineTotalMinor }) => sum + lineTotalMinor, 0);
        expect(itemsMinor).toBe(pricing.itemsMinor);
        for (const item of items) expect(item.lineTotalMinor).toBe(item.unitPriceMinor * item.quantity);
        expect(pricing.taxes.reduce((sum, { taxMinor }) => sum + taxMinor, 0)).toBe(pricing.taxMinor);
        const addedTax = pricesIncludeTax ? 0 : pricing.taxMinor;
        expect(pricing.totalMinor).toBe(itemsMinor + feeMinor + serviceFeeMinor + tipMinor + addedTax);
      }),
    );
  });
});

function drawnLine(drawn: { base: number; extra: number; quantity: number }, index: number): OrderableLine {
  const line = buildPricedLine({ id: idFrom('line', index), quantity: drawn.quantity });
  return {
    ...line,
    item: { ...line.item, priceMinor: drawn.base },
    options: line.options.map((option) => ({ ...option, priceMinor: drawn.extra })),
  };
}
