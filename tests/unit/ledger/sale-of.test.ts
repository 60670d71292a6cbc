import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saleOf, type SoldOrder } from '../../../src/modules/ledger/sale-of.ts';
import { priceOrder, repriceOrder, type Breakdown } from '../../../src/modules/pricing/index.ts';
import { LIABLE_PARTIES } from '../../../src/shared/liable-party.ts';

const [CUSTOMER, OWNER, COURIER] = ['customer-1', 'owner-1', 'courier-1'];

/** The sample city's two, one with prices in yen. */
const PLACES = [
  { currency: 'INR', unit: 100, pricesIncludeTax: false, taxRates: { food: 500, beverage: 1_200, delivery: 1_800 } },
  {
    ...{ currency: 'EUR', unit: 10, pricesIncludeTax: true },
    taxRates: { food: 800, beverage: 1_000, delivery: 1_000, service: 1_000, packaging: 800 },
  },
  { currency: 'JPY', unit: 1, pricesIncludeTax: true, taxRates: { food: 800, beverage: 1_000, delivery: 1_000 } },
  { currency: 'INR', unit: 1, pricesIncludeTax: false, taxRates: { food: 525, beverage: 1_275, service: 1_800 } },
] as const;

interface Figures {
  place: (typeof PLACES)[number];
  prices: number[];
  deliveryFeeMinor?: number;
  /** The restaurant's threshold is reached. */
  isFreeWay?: boolean;
  serviceFeeMinor?: number;
  packagingFeeMinor?: number;
  smallOrderFeeMinor?: number;
  discountMinor?: number;
  kind?: 'amount' | 'free_delivery';
  tipMinor?: number;
}

function priced({ place, prices, ...fees }: Figures): Breakdown {
  return priceOrder({
    ...{ currency: place.currency, taxRates: place.taxRates, pricesIncludeTax: place.pricesIncludeTax },
    ...{ distanceMeters: 100, serviceFeeMinor: fees.serviceFeeMinor, packagingFeeMinor: fees.packagingFeeMinor },
    feeTable: {
      bands: [{ upToMeters: 1_000, feeMinor: fees.deliveryFeeMinor ?? 0 }],
      freeDeliveryOverMinor: fees.isFreeWay === true ? 0 : null,
    },
    smallOrderFee: { belowMinor: 1_000_000_000, feeMinor: fees.smallOrderFeeMinor ?? 0 },
    discount:
      fees.discountMinor === undefined
        ? null
        : { kind: fees.kind ?? 'amount', value: fees.discountMinor, maxDiscountMinor: null, lineIds: null },
    tipMinor: fees.tipMinor,
    lines: prices.map((price, index) => ({
      ...{ id: String(index), unitPriceMinor: price * place.unit, optionPricesMinor: [], quantity: 1 + (index % 3) },
      taxCategory: index % 2 === 0 ? 'food' : 'beverage',
    })),
  });
}

function wayOf({ deliveryFeeMinor, freeWayMinor = 0 }: Breakdown): number {
  return deliveryFeeMinor + freeWayMinor;
}

function order(pricing: Breakdown, changes: Partial<SoldOrder> = {}): SoldOrder {
  return {
    ...{ status: 'delivered', customerId: CUSTOMER, ownerId: OWNER, courierId: COURIER, pricing },
    ...{ amountDueMinor: pricing.totalMinor, coupon: null, liableParty: null, commissionBasisPoints: 2_000 },
    ...{ courierFeeMinor: wayOf(pricing) + pricing.tipMinor, wasCooked: true },
    ...changes,
  };
}

function sums(sold: SoldOrder): Record<string, number> {
  const byAccount: Record<string, number> = {};
  for (const { account, amountMinor } of saleOf(sold)) byAccount[account] = (byAccount[account] ?? 0) + amountMinor;
  return Object.fromEntries(Object.entries(byAccount).filter(([, amount]) => amount !== 0));
}

function total(sold: SoldOrder): number {
  return saleOf(sold).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

const minor = fc.integer({ min: 0, max: 99_999 });
const basis = fc.integer({ min: 0, max: 10_000 });
const coupons = fc.constantFrom<SoldOrder['coupon'][]>(
  null,
  { couponId: 'c', code: 'C', discountMinor: 0, fundedBy: 'platform' },
  { couponId: 'c', code: 'C', discountMinor: 0, fundedBy: 'restaurant' },
);
const terms = fc.record({ coupon: coupons, commissionBasisPoints: basis });
const figures = fc.record({
  ...{ place: fc.constantFrom(...PLACES), prices: fc.array(minor, { minLength: 1, maxLength: 5 }) },
  ...{ deliveryFeeMinor: minor, serviceFeeMinor: minor, packagingFeeMinor: minor, smallOrderFeeMinor: minor },
  ...{
    discountMinor: minor,
    isFreeWay: fc.boolean(),
    kind: fc.constantFrom('amount' as const, 'free_delivery' as const),
    tipMinor: minor,
  },
});

describe('saleOf', () => {
  it('of a delivered order, with a coupon of ours: restaurant and courier get their full share', () => {
    const pricing = priced({
      ...{ place: PLACES[0], prices: [300], deliveryFeeMinor: 3_000, serviceFeeMinor: 900, packagingFeeMinor: 500 },
      ...{ discountMinor: 5_000, tipMinor: 2_000 },
    });
    const coupon = { couponId: 'c', code: 'C', discountMinor: 5_000, fundedBy: 'platform' } as const;
    // 300.00 less 50.00, 5 % on 250.00; delivery 30.00 and 18 % on it.
    expect(sums(order(pricing, { coupon }))).toEqual({
      customer: 25_000 + 1_250 + 3_000 + 540 + 900 + 500 + 2_000,
      restaurant: -(30_000 + 500 + 1_250 - 6_000),
      courier: -(3_000 + 2_000),
      tax: -540,
      platform_costs: 5_000,
      platform_revenue: -(6_000 + 900),
    });
  });

  it('of a coupon that the restaurant pays for: less for the restaurant, and less commission', () => {
    const pricing = priced({ place: PLACES[0], prices: [300], discountMinor: 5_000 });
    const coupon = { couponId: 'c', code: 'C', discountMinor: 5_000, fundedBy: 'restaurant' } as const;
    const { restaurant, platform_costs: costs, platform_revenue: revenue } = sums(order(pricing, { coupon }));
    expect({ restaurant, costs, revenue }).toEqual({
      restaurant: -(25_000 + 1_250 - 5_000),
      costs: undefined,
      revenue: -5_000,
    });
  });

  it('where prices contain the tax: the restaurant keeps that of its food, we owe that of our fees', () => {
    const pricing = priced({ place: PLACES[1], prices: [108], deliveryFeeMinor: 110, serviceFeeMinor: 220 });
    expect(sums(order(pricing))).toEqual({
      customer: 1_080 + 330,
      restaurant: -(1_080 - 216),
      courier: -110,
      tax: -30,
      platform_revenue: -(216 + 220 - 30),
    });
  });

  it('of a way that the restaurant’s threshold made free: the courier is paid for it, by the restaurant', () => {
    const figures = { place: PLACES[0], prices: [300], deliveryFeeMinor: 3_000, tipMinor: 2_000 };
    const paid = sums(order(priced(figures)));
    const free = sums(order(priced({ ...figures, isFreeWay: true })));
    expect(free).toEqual({
      customer: 31_500 + 2_000,
      restaurant: -(31_500 - 6_000 - 3_000),
      courier: -(3_000 + 2_000),
      platform_revenue: -6_000,
    });
    expect(free['courier']).toBe(paid['courier']);
    expect(free['platform_revenue']).toBe(paid['platform_revenue']);
  });

  it('of a way for which the fee table asks nothing: we bear what the courier gets', () => {
    const pricing = priced({ place: PLACES[0], prices: [300] });
    expect(sums(order(pricing, { courierFeeMinor: 2_000 }))).toMatchObject({
      ...{ restaurant: -(31_500 - 6_000), courier: -2_000, platform_revenue: -(6_000 - 2_000) },
    });
  });

  it('of a free way on which the courier is to blame: nobody pays for it', () => {
    const pricing = priced({ place: PLACES[2], prices: [1_500], deliveryFeeMinor: 300, isFreeWay: true });
    const failed = order(pricing, { status: 'failed', liableParty: 'courier', amountDueMinor: 0 });
    expect(sums(failed)).toEqual({ restaurant: -1_200, courier: 1_200 });
  });

  it('of a collected order: no courier has any part in it', () => {
    const pricing = priced({ place: PLACES[2], prices: [1_500] });
    const sold = order(pricing, { status: 'collected', courierId: null, courierFeeMinor: null });
    expect(sums(sold)).toEqual({ customer: 1_500, restaurant: -1_200, platform_revenue: -300 });
  });

  it('of an order settled for less than its bill: the restaurant bears the rest', () => {
    const pricing = priced({ place: PLACES[2], prices: [1_500] });
    const sold = order(pricing, { amountDueMinor: 1_400, courierFeeMinor: 0 });
    expect(sums(sold)).toEqual({ customer: 1_400, restaurant: -1_100, platform_revenue: -300 });
  });

  it.each([
    ['the customer, who pays a fee', 'customer', 500, { customer: 500, restaurant: -400, platform_revenue: -100 }],
    ['the restaurant', 'restaurant', 0, {}],
    ['us', 'platform', 0, {}],
  ] as const)('cancelled before it was cooked, by the fault of %s', (...[, liableParty, amountDueMinor, expected]) => {
    const pricing = priced({ place: PLACES[2], prices: [1_500] });
    const end = { status: 'cancelled', courierId: null, courierFeeMinor: null, wasCooked: false } as const;
    expect(sums(order(pricing, { ...end, liableParty, amountDueMinor }))).toEqual(expected);
  });

  it('cancelled late, for the price of the food: commission is on the food alone, as if it had been eaten', () => {
    const pricing = priced({ place: PLACES[0], prices: [430], packagingFeeMinor: 1_500 });
    const end = { status: 'cancelled', courierId: null, courierFeeMinor: null, wasCooked: false } as const;
    const cancelled = sums(order(pricing, { ...end, liableParty: 'customer' }));
    expect(cancelled).toEqual({ customer: 46_650, restaurant: -38_050, platform_revenue: -8_600 });
    expect(cancelled).toEqual(sums(order(pricing, { courierId: null, courierFeeMinor: null })));
  });

  it.each(['customer', 'courier', 'platform'] as const)(
    'ended by the office, the %s liable: what is invoiced in the restaurant’s name is the restaurant’s, as is the tax of our fees the state’s',
    (liableParty) => {
      const pricing = priced({ place: PLACES[2], prices: [1_500], deliveryFeeMinor: 330, serviceFeeMinor: 200 });
      const end = { status: 'cancelled', courierId: null, courierFeeMinor: null, commissionBasisPoints: 0 } as const;
      const ended = order(pricing, { ...end, liableParty, wasCooked: false });
      expect(sums({ ...ended, amountDueMinor: 700 })).toEqual({ customer: 700, restaurant: -700 });
      expect(sums(ended)).toEqual({ customer: 2_030, restaurant: -1_500, tax: -30, platform_revenue: -500 });
    },
  );

  it.each([
    ['the restaurant', 'restaurant', { restaurant: 300, courier: -300 }],
    ['the courier', 'courier', { restaurant: -1_200, courier: 1_200 }],
    ['us', 'platform', { restaurant: -1_200, courier: -300, platform_costs: 1_500 }],
    ['the customer, who paid nothing', 'customer', { restaurant: -1_200, courier: -300, platform_costs: 1_500 }],
  ] as const)('failed at the door, by the fault of %s: the others get their share', (_, liableParty, expected) => {
    const pricing = priced({ place: PLACES[2], prices: [1_500], deliveryFeeMinor: 300 });
    expect(sums(order(pricing, { status: 'failed', liableParty, amountDueMinor: 0 }))).toEqual(expected);
  });

  it('of a customer who did not come and pays for all of it: as if it had been eaten', () => {
    const pricing = priced({ place: PLACES[1], prices: [108] });
    const noShow = order(pricing, {
      status: 'no_show',
      liableParty: 'customer',
      courierId: null,
      courierFeeMinor: null,
    });
    expect(saleOf(noShow)).toEqual(saleOf({ ...noShow, status: 'collected', liableParty: null }));
  });

  it('sums to zero, and the customer owes what is due, whatever was sold', () => {
    fc.assert(
      fc.property(figures, terms, (input, agreed) => {
        const sold = order(priced(input), agreed);
        expect(total(sold)).toBe(0);
        expect(sums(sold)['customer'] ?? 0).toBe(sold.amountDueMinor);
      }),
    );
  });

  it('sums to zero after an amendment', () => {
    fc.assert(
      fc.property(figures, coupons, fc.integer({ min: 1, max: 9 }), (input, coupon, quantity) => {
        const agreed = priced({ ...input, prices: [...input.prices, 10] });
        const pricing = repriceOrder(agreed, [{ kind: 'quantity', lineId: '0', quantity }]);
        const sold = order(pricing, { coupon });
        expect(total(sold)).toBe(0);
        expect(sums(sold)['customer'] ?? 0).toBe(pricing.totalMinor);
      }),
    );
  });

  it('sums to zero whoever is to blame for an end without food, and never pays out more than was sold', () => {
    const ends = fc.record({
      status: fc.constantFrom('cancelled' as const, 'failed' as const, 'no_show' as const),
      liableParty: fc.constantFrom(...LIABLE_PARTIES),
      wasCooked: fc.boolean(),
      part: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(figures, coupons, ends, (input, coupon, { part, ...end }) => {
        const pricing = priced(input);
        const amountDueMinor = Math.floor((pricing.totalMinor * part) / 100);
        const sold = order(pricing, { coupon, ...end, amountDueMinor });
        expect(total(sold)).toBe(0);
        expect(sums(sold)['customer'] ?? 0).toBe(amountDueMinor);
        if (end.liableParty === 'restaurant') expect(sums(sold)['restaurant'] ?? 0).toBeGreaterThanOrEqual(0);
        if (end.liableParty === 'courier') expect(sums(sold)['courier'] ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
