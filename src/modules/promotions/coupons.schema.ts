import { z } from 'zod';
import { defineRoute, idSchema, pageQuery, pageSchema } from '../../http/index.ts';
import { dateFrom } from '../../shared/clock.ts';
import { couponCodeSchema } from './coupon-code.schema.ts';
import { couponSchema } from './coupon-view.schema.ts';
import { COUPON_FUNDERS, COUPON_KINDS } from './coupon.model.ts';

const MAX_MINOR = 1_000_000_000;
const MAX_USES = 10_000_000;
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

const minor = z.int().min(0).max(MAX_MINOR);
const minorLimit = z.int().min(1).max(MAX_MINOR).nullable();
const useLimit = z.int().min(1).max(MAX_USES).nullable();
const time = z.iso.datetime().transform(dateFrom);
const ids = (max: number) =>
  z
    .array(idSchema)
    .max(max)
    .refine((list) => new Set(list).size === list.length, 'must name each once');

/** What an admin may change later; the rest is what customers and books have relied on. */
const changeable = {
  value: z.int().min(0).max(MAX_MINOR).meta({
    description: 'Basis points for `percentage` (2000 = 20 %), minor units for `amount`, 0 for `free_delivery`.',
  }),
  maxDiscountMinor: minorLimit.meta({ description: 'null: no cap.' }),
  minimumSubtotalMinor: minor.meta({ description: 'Of all items together, before any discount.' }),
  startsAt: time,
  endsAt: time.nullable(),
  firstOrderOnly: z.boolean().meta({ description: 'Then once per customer, whatever `perUserLimit` says.' }),
  perUserLimit: useLimit,
  totalLimit: useLimit,
  budgetMinor: minorLimit.meta({ description: 'Of all discounts together; one that does not fit whole is refused.' }),
  restaurantIds: ids(200).meta({ description: 'Empty: all restaurants.' }),
  itemIds: ids(200).meta({ description: 'With `categoryIds`: the lines that take part. Both empty: all.' }),
  categoryIds: ids(50),
  isActive: z.boolean(),
};

const createCouponBody = z
  .strictObject({
    code: couponCodeSchema,
    kind: z.enum(COUPON_KINDS),
    value: changeable.value.default(0),
    maxDiscountMinor: changeable.maxDiscountMinor.default(null),
    currency: z.string().refine((code) => CURRENCIES.has(code), 'must be an ISO 4217 code such as INR'),
    minimumSubtotalMinor: changeable.minimumSubtotalMinor.default(0),
    startsAt: changeable.startsAt,
    endsAt: changeable.endsAt.default(null),
    firstOrderOnly: changeable.firstOrderOnly.default(false),
    perUserLimit: changeable.perUserLimit.default(null),
    totalLimit: changeable.totalLimit.default(null),
    budgetMinor: changeable.budgetMinor.default(null),
    restaurantIds: changeable.restaurantIds.default([]),
    itemIds: changeable.itemIds.default([]),
    categoryIds: changeable.categoryIds.default([]),
    fundedBy: z.enum(COUPON_FUNDERS),
    isActive: changeable.isActive.default(true),
  })
  .meta({
    id: 'CreateCoupon',
    examples: [
      {
        ...{ code: 'WELCOME20', kind: 'percentage', value: 2000, maxDiscountMinor: 10_000, currency: 'INR' },
        ...{ minimumSubtotalMinor: 20_000, startsAt: '2026-11-01T00:00:00.000Z', endsAt: '2026-12-01T00:00:00.000Z' },
        ...{ firstOrderOnly: true, totalLimit: 5000, budgetMinor: 20_000_000, fundedBy: 'platform' },
      },
    ],
  });

const updateCouponBody = z
  .strictObject(changeable)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ id: 'UpdateCoupon', examples: [{ isActive: false }, { endsAt: '2026-12-24T00:00:00.000Z' }] });

const couponParams = z.strictObject({ couponId: idSchema });
const common = { tag: 'Administration', auth: 'coupon.manage' } as const;

export const listCouponsRoute = defineRoute({
  ...common,
  method: 'get',
  path: '/admin/coupons',
  operationId: 'listCoupons',
  summary: 'Coupons, the newest first',
  request: { query: z.strictObject({ ...pageQuery, isActive: z.enum(['true', 'false']).optional() }) },
  responses: { 200: pageSchema(couponSchema) },
  errors: [],
});

export const createCouponRoute = defineRoute({
  ...common,
  method: 'post',
  path: '/admin/coupons',
  operationId: 'createCoupon',
  summary: 'A new coupon',
  description: 'Its code is kept in upper case and is nobody else’s.',
  request: { body: createCouponBody },
  responses: { 201: couponSchema },
  errors: ['already_exists'],
});

export const getCouponRoute = defineRoute({
  ...common,
  method: 'get',
  path: '/admin/coupons/{couponId}',
  operationId: 'getCoupon',
  summary: 'One coupon with what it has cost',
  request: { params: couponParams },
  responses: { 200: couponSchema },
  errors: ['not_found'],
});

export const updateCouponRoute = defineRoute({
  ...common,
  method: 'patch',
  path: '/admin/coupons/{couponId}',
  operationId: 'updateCoupon',
  summary: 'Change the terms of a coupon',
  description:
    'Quotes that hold it keep their discount for their ten minutes, unless it is switched off. What orders have used stays used, also under a ' +
    'lower limit. Code, kind, currency and who pays for it stay as they are.',
  needsIfMatch: true,
  request: { params: couponParams, body: updateCouponBody },
  responses: { 200: couponSchema },
  errors: ['not_found'],
});

export const couponsContracts = [listCouponsRoute, createCouponRoute, getCouponRoute, updateCouponRoute];
