import { CouponModel, type CouponRow } from '../../src/modules/promotions/coupon.model.ts';
import { addMs, now } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';

const DAY_MS = 86_400_000;

/** A fifth off everything, today and tomorrow, without any limit. */
export function buildCoupon(changes: Partial<CouponRow> = {}): CouponRow {
  const at = now();
  const _id = newId();
  return {
    ...{ _id, code: `SAVE-${_id.slice(-6).toUpperCase()}`, kind: 'percentage', value: 2_000 },
    ...{ maxDiscountMinor: null, currency: 'INR', minimumSubtotalMinor: 0 },
    ...{ startsAt: addMs(at, -DAY_MS), endsAt: addMs(at, DAY_MS), firstOrderOnly: false },
    ...{ perUserLimit: null, totalLimit: null, budgetMinor: null },
    ...{ restaurantIds: [], itemIds: [], categoryIds: [], fundedBy: 'platform', isActive: true },
    ...{ uses: 0, spentMinor: 0, version: 0, createdAt: at, updatedAt: at },
    ...changes,
  };
}

export async function createCoupon(changes: Partial<CouponRow> = {}): Promise<CouponRow> {
  const row = buildCoupon(changes);
  await CouponModel.collection.insertOne(row as never);
  return row;
}
