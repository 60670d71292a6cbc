import type { CouponRow } from '../../src/modules/promotions/coupon.model.ts';
import { idFrom } from '../../src/shared/ids.ts';
import { daysBefore } from './restaurants.ts';
import type { CityInput } from './types.ts';

type Terms = Partial<CouponRow> & Pick<CouponRow, 'code' | 'kind'>;

/** One of each kind. Those of the platform hold everywhere; the table pays for its own. */
function termsOf(seed: string): Terms[] {
  return [
    { code: 'WELCOME20', kind: 'percentage', value: 2_000, maxDiscountMinor: 10_000, firstOrderOnly: true },
    { code: 'FREERIDE', kind: 'free_delivery', minimumSubtotalMinor: 29_900, perUserLimit: 5, budgetMinor: 5_000_000 },
    {
      ...{ code: 'TABLE50', kind: 'amount', value: 5_000, minimumSubtotalMinor: 40_000 },
      ...{ fundedBy: 'restaurant', restaurantIds: [idFrom(seed, 'restaurant', 0)] },
    },
    // At its last use, which is its first: each use that is counted has an order.
    { code: 'LASTONE', kind: 'percentage', value: 1_000, totalLimit: 1 },
    { code: 'MONSOON', kind: 'percentage', value: 1_500, isActive: false },
    { code: 'BONJOUR10', kind: 'percentage', value: 1_000, maxDiscountMinor: 800, currency: 'EUR' },
  ];
}

export function generateCoupons({ seed, now }: CityInput): CouponRow[] {
  return termsOf(seed).map((terms) => ({
    ...{ _id: couponId(seed, terms.code), value: 0, maxDiscountMinor: null, currency: 'INR', minimumSubtotalMinor: 0 },
    ...{ startsAt: daysBefore(now, 60), endsAt: null, firstOrderOnly: false },
    ...{ perUserLimit: null, totalLimit: null, budgetMinor: null, restaurantIds: [], itemIds: [], categoryIds: [] },
    ...{ fundedBy: 'platform', isActive: true, uses: 0, spentMinor: 0, version: 0 },
    ...{ createdAt: daysBefore(now, 60), updatedAt: daysBefore(now, 60) },
    ...terms,
  }));
}

function couponId(seed: string, code: string): string {
  return idFrom(seed, 'coupon', code);
}
