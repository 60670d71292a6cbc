import { describe, expect, it } from 'vitest';
import { courierShareOf, restaurantShareOf, type SoldOrder } from '../../../src/modules/ledger/shares.ts';
import { priceOrder } from '../../../src/modules/pricing/index.ts';

const COUPON = { couponId: 'c', code: 'C', discountMinor: 5_000, fundedBy: 'restaurant' } as const;

/** 300.00 less 50.00, packaging 10.00, 5 % on both; the way is worth 40.00; a tip of 20.00. */
function order(
  changes: Partial<SoldOrder> = {},
  place: { isFreeWay?: boolean; pricesIncludeTax?: boolean } = {},
): SoldOrder {
  const { isFreeWay = false, pricesIncludeTax = false } = place;
  const pricing = priceOrder({
    ...{
      currency: 'INR',
      pricesIncludeTax,
      taxRates: { food: 500, packaging: 500, delivery: 1_800 },
      distanceMeters: 1,
    },
    ...{ packagingFeeMinor: 1_000, tipMinor: 2_000 },
    feeTable: { bands: [{ upToMeters: 9, feeMinor: 4_000 }], freeDeliveryOverMinor: isFreeWay ? 0 : null },
    lines: [{ id: '1', unitPriceMinor: 30_000, optionPricesMinor: [], quantity: 1, taxCategory: 'food' }],
    discount: { kind: 'amount', value: 5_000, maxDiscountMinor: null, lineIds: null },
  });
  return {
    ...{ status: 'delivered', customerId: 'customer', ownerId: 'owner', courierId: 'courier', pricing, coupon: COUPON },
    ...{ amountDueMinor: pricing.totalMinor, liableParty: null, commissionBasisPoints: 2_000, courierFeeMinor: 6_000 },
    wasCooked: true,
    ...changes,
  };
}

/** Without parts of nothing. */
function told(share: Partial<Record<string, number>>) {
  return Object.fromEntries(Object.entries(share).filter(([, amountMinor]) => amountMinor !== 0));
}

const SOLD = { items: 30_000, packaging: 1_000, tax: 1_300, discount: -5_000, commission: -5_000 };

describe('the share of a restaurant', () => {
  it('in a sale: all that makes its figure, each with its sign', () => {
    expect(told(restaurantShareOf(order()))).toEqual(SOLD);
    expect(told(restaurantShareOf(order({}, { isFreeWay: true })))).toEqual({ ...SOLD, freeDelivery: -4_000 });
  });

  it('where prices contain the tax: none comes on top', () => {
    const { tax: _tax, ...without } = SOLD;
    expect(told(restaurantShareOf(order({}, { pricesIncludeTax: true })))).toEqual(without);
  });

  it('with a coupon of ours: the discount is not its, and commission is on the whole', () => {
    const coupon = { ...COUPON, fundedBy: 'platform' } as const;
    const { discount: _discount, ...without } = SOLD;
    expect(told(restaurantShareOf(order({ coupon })))).toEqual({ ...without, commission: -6_000 });
  });

  it('in food that was settled for less: says by how much', () => {
    const { amountDueMinor } = order();
    expect(told(restaurantShareOf(order({ amountDueMinor: amountDueMinor - 700 })))).toEqual({
      ...SOLD,
      reduction: -700,
    });
  });

  it('in a cancellation before it cooked: the fee, and the commission on the food in it', () => {
    const end = { status: 'cancelled', liableParty: 'customer', wasCooked: false, courierFeeMinor: null } as const;
    expect(told(restaurantShareOf(order({ ...end, amountDueMinor: 2_730 })))).toEqual({
      cancellationFee: 2_730,
      commission: -500,
    });
  });

  it('in an end that is not its fault after it cooked: as if it had been eaten; that is its fault: what the way cost', () => {
    const end = { status: 'failed', amountDueMinor: 0, courierFeeMinor: 4_000 } as const;
    expect(told(restaurantShareOf(order({ ...end, liableParty: 'platform' })))).toEqual(SOLD);
    expect(told(restaurantShareOf(order({ ...end, liableParty: 'restaurant' })))).toEqual({ fault: -4_000 });
  });
});

describe('the share of a courier', () => {
  it('in a sale: the way and the tip apart', () => {
    expect(told(courierShareOf(order()))).toEqual({ way: 4_000, tip: 2_000 });
    expect(told(courierShareOf(order({ courierId: null })))).toEqual({});
  });

  it('in an end that nobody paid for: the way alone; that is their fault: the food', () => {
    const end = { status: 'failed', amountDueMinor: 0, courierFeeMinor: 4_000 } as const;
    expect(told(courierShareOf(order({ ...end, liableParty: 'platform' })))).toEqual({ way: 4_000 });
    expect(told(courierShareOf(order({ ...end, liableParty: 'courier' })))).toEqual({ fault: -22_300 });
  });
});
