import { describe, expect, it } from 'vitest';
import { courierFeeOf } from '../../../src/modules/deliveries/new-delivery.ts';
import { buildDeliveredOrder } from '../../factories/delivered-order.ts';

describe('what a courier earns with an order', () => {
  it.each([
    ['that pays for its delivery', { deliveryFeeMinor: 2_500 }, 2_500 + 2_000],
    ['whose delivery a coupon made free', { deliveryFeeMinor: 2_500, deliveryDiscountMinor: 2_500 }, 2_500 + 2_000],
    ['whose delivery a threshold made free', { deliveryFeeMinor: 0, freeWayMinor: 4_900 }, 4_900 + 2_000],
    ['for whose way the fee table asks nothing', { deliveryFeeMinor: 0 }, 2_000 + 2_000],
  ])('%s: the way and the tip', (_what, fees, expected) => {
    const { pricing, currency } = buildDeliveredOrder();
    expect(courierFeeOf({ pricing: { ...pricing, ...fees }, currency })).toBe(expected);
  });

  it('in a currency without a floor, for whose way nothing is asked: the tip', () => {
    const { pricing } = buildDeliveredOrder();
    expect(courierFeeOf({ pricing: { ...pricing, deliveryFeeMinor: 0 }, currency: 'XXX' })).toBe(2_000);
  });
});
