import { z } from 'zod';
import { idSchema, timeSchema } from '../../http/index.ts';
import { COUPON_FUNDERS, COUPON_KINDS } from './coupon.model.ts';

const limit = z.int().nullable();

/** In the form in which it is edited: amounts are minor units of `currency`. */
export const couponSchema = z
  .strictObject({
    id: idSchema,
    version: z.int().meta({ description: 'Also the ETag: an edit sends it back in `If-Match`.' }),
    code: z.string(),
    kind: z.enum(COUPON_KINDS),
    value: z.int(),
    maxDiscountMinor: limit,
    currency: z.string(),
    minimumSubtotalMinor: z.int(),
    startsAt: timeSchema,
    endsAt: timeSchema.nullable(),
    firstOrderOnly: z.boolean(),
    perUserLimit: limit,
    totalLimit: limit,
    budgetMinor: limit,
    restaurantIds: z.array(idSchema),
    itemIds: z.array(idSchema),
    categoryIds: z.array(idSchema),
    fundedBy: z.enum(COUPON_FUNDERS),
    isActive: z.boolean(),
    uses: z.int().meta({ description: 'By orders that did not end before anybody accepted them.' }),
    spentMinor: z.int().meta({ description: 'What those took off.' }),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({
    id: 'Coupon',
    examples: [
      {
        ...{ id: '65f0c0ffee00000000000c0f', version: 0, code: 'WELCOME20', kind: 'percentage', value: 2000 },
        ...{ maxDiscountMinor: 10_000, currency: 'INR', minimumSubtotalMinor: 20_000 },
        ...{ startsAt: '2026-11-01T00:00:00.000Z', endsAt: '2026-12-01T00:00:00.000Z', firstOrderOnly: true },
        ...{ perUserLimit: 1, totalLimit: 5000, budgetMinor: 20_000_000, fundedBy: 'platform', isActive: true },
        ...{ restaurantIds: [], itemIds: [], categoryIds: [], uses: 17, spentMinor: 151_200 },
        ...{ createdAt: '2026-10-30T09:00:00.000Z', updatedAt: '2026-10-30T09:00:00.000Z' },
      },
    ],
  });

export type CouponView = z.output<typeof couponSchema>;
