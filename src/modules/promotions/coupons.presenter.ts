import type { CouponView } from './coupon-view.schema.ts';
import type { CouponRow } from './coupon.model.ts';

export function toCouponView({ _id: id, startsAt, endsAt, createdAt, updatedAt, ...rest }: CouponRow): CouponView {
  return {
    id,
    ...rest,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
