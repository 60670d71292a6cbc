import { describe, expect, it } from 'vitest';
import { isAppError, type AppError } from '../../../src/errors/index.ts';
import { agreeTerms } from '../../../src/modules/checkout/quote-terms.ts';
import { reviseQuote, type PresentState } from '../../../src/modules/checkout/revise-quote.ts';
import type { CouponTerms } from '../../../src/modules/promotions/index.ts';
import { addMs } from '../../../src/shared/clock.ts';
import { idFrom } from '../../../src/shared/ids.ts';
import { buildMenuItem, buildOpenRestaurant, buildPricedLine, sizeGroup } from './builders.ts';

const AT = new Date('2026-11-20T12:30:00.000Z');
const LATER = addMs(AT, 60_000);
const HOME = { label: 'Home', line1: '1 Road', city: 'Saffron Bay', location: { lat: 12.9352, lng: 74.8211 } };
const LASSI = idFrom('item', 2);

const biryani = buildMenuItem();
const lassi = buildMenuItem({ id: LASSI, name: 'Lassi', priceMinor: 6_000, optionGroups: [] });
const coupon: CouponTerms = {
  ...{ couponId: idFrom('coupon', 1), code: 'TEN', fundedBy: 'platform' },
  discount: { kind: 'percentage', value: 1_000, maxDiscountMinor: null, lineIds: null },
};

/** A large biryani and a lassi. */
function quoteOf(changes: { coupon?: CouponTerms } = {}) {
  const restaurant = buildOpenRestaurant();
  const second = { id: idFrom('line', 2), itemId: LASSI, item: lassi, options: [], optionIds: [] };
  return agreeTerms({
    ...{ customerId: idFrom('customer', 1), restaurant, feeTable: restaurant.feeTable, deliveryAddress: HOME },
    ...{ lines: [buildPricedLine(), buildPricedLine(second)], tipMinor: 2_000, at: AT, ...changes },
  });
}

const state = (changes: Partial<PresentState> = {}): PresentState => ({
  ...{ restaurant: buildOpenRestaurant(), items: [biryani, lassi], counts: new Map(), coupon: null, at: LATER },
  ...changes,
});

const changesTo = (changes: Partial<PresentState>, quote = quoteOf()) => reviseQuote(quote, state(changes)).changes;

function refusalOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a quote that is bought', () => {
  it('holds to the last unit while nothing but the clock has moved', () => {
    const quote = quoteOf();
    const { terms, changes } = reviseQuote(quote, state());
    expect(changes).toEqual([]);
    expect(terms.pricing).toEqual(quote.pricing);
  });

  it('keeps its composition when the menu is sorted anew or asks for more', () => {
    const asking = { ...sizeGroup, minSelect: 1, maxSelect: 1 };
    const extra = { id: 'new', name: 'New', minSelect: 1, maxSelect: 1, options: [] };
    const items = [buildMenuItem({ optionGroups: [extra, asking] }), lassi];
    expect(changesTo({ items })).toEqual([]);
  });

  it('names a later arrival where the kitchen has grown busy, and none where it is quicker', () => {
    const busy = buildOpenRestaurant({ busyUntil: addMs(LATER, 60_000) });
    expect(changesTo({ restaurant: busy }).map(({ path }) => path)).toEqual(['eta.from', 'eta.to']);
    expect(changesTo({ restaurant: buildOpenRestaurant({ prepMinutes: 5 }) })).toEqual([]);
  });

  it('names what a price has become, in the line and in every sum, as its customer sees them', () => {
    const items = [{ ...biryani, priceMinor: 25_900 }, lassi];
    const changes = changesTo({ items });
    expect(changes).toContainEqual({ path: 'items.0.unitPrice.amount', before: 30_900, after: 31_900 });
    expect(changes.map(({ path }) => path)).toEqual([
      ...['items.0.unitPrice.amount', 'items.0.lineTotal.amount', 'items.0.tax.amount', 'pricing.items.amount'],
      ...['pricing.taxes.0.taxable.amount', 'pricing.taxes.0.tax.amount', 'pricing.tax.amount', 'pricing.total.amount'],
    ]);
  });

  it.each([
    ['an option', { items: [buildMenuItem({ optionGroups: [dearer()] }), lassi] }, 'items.0.options.0.price.amount'],
    ['the tax', { restaurant: buildOpenRestaurant({ taxRates: { food: 1_200 } }) }, 'pricing.taxes.0.basisPoints'],
    ['the service fee', { restaurant: buildOpenRestaurant({ serviceFeeMinor: 901 }) }, 'pricing.serviceFee.amount'],
    ['the packaging', { restaurant: buildOpenRestaurant({ packagingFeeMinor: 1 }) }, 'pricing.packagingFee.amount'],
    ['the delivery', { restaurant: buildOpenRestaurant({ feeTable: dearTable() }) }, 'pricing.deliveryFee.amount'],
    ['the way of taxing', { restaurant: buildOpenRestaurant({ pricesIncludeTax: true }) }, 'pricing.pricesIncludeTax'],
    ['a dish’s name', { items: [biryani, { ...lassi, name: 'Sweet lassi' }] }, 'items.1.name'],
  ])('names %s', (_, changes, path) => {
    expect(changesTo(changes).map((change) => change.path)).toContain(path);
  });

  it('goes on without a dish that is gone, and says which', () => {
    const { terms, changes } = reviseQuote(quoteOf(), state({ items: [biryani] }));
    expect(changes[0]).toEqual({ path: 'items.1', before: 'Lassi', after: null });
    expect(terms.items.map(({ name }) => name)).toEqual(['Biryani']);
  });

  it('loses a coupon that holds no longer, and holds with one that does', () => {
    const quote = quoteOf({ coupon });
    expect(changesTo({ coupon }, quote)).toEqual([]);
    const { terms, changes } = reviseQuote(quote, state());
    expect(changes.map(({ path }) => path)).toContain('pricing.discount');
    expect([terms.coupon, terms.pricing.itemsDiscountMinor]).toEqual([null, 0]);
  });
});

describe('a quote of which nothing can be made any more', () => {
  const gone = [buildMenuItem({ isAvailable: false, reason: 'sold_out' }), { ...lassi, isAvailable: false }];
  it.each([
    ['whose dishes are all gone', { items: gone }, 'item_unavailable'],
    ['whose rest is below the minimum', { items: [lassi] }, 'item_unavailable'],
    ['of which there is too little left', { items: [{ ...biryani, stock: 0 }, lassi] }, 'out_of_stock'],
    ['whose house has closed', { restaurant: buildOpenRestaurant({ hours: [] }) }, 'restaurant_unavailable'],
    ['whose door is out of reach', { restaurant: buildOpenRestaurant({ deliveryRadiusMeters: 10 }) }, 'out_of_range'],
    ['that is too small now', { restaurant: buildOpenRestaurant({ minimumOrderMinor: 90_000 }) }, 'below_minimum'],
  ])('%s says why', (_, changes, code) => {
    expect(refusalOf(() => changesTo(changes)).code).toBe(code);
  });
});

function dearer() {
  return { ...sizeGroup, options: sizeGroup.options.map((option) => ({ ...option, priceMinor: 6_100 })) };
}

function dearTable() {
  return { bands: [{ upToMeters: 5_000, feeMinor: 2_600 }], freeDeliveryOverMinor: null };
}
