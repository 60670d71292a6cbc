import { z } from 'zod';
import { defineRoute, idSchema } from '../../http/index.ts';
import { lineOfText } from '../../shared/line-of-text.ts';
import { couponCodeSchema } from '../promotions/index.ts';
import { slotQuery as query } from '../restaurants/index.ts';
import { cartViewSchema } from './cart-view.schema.ts';

const quantity = z.int().min(1).max(50).meta({ description: 'Pieces of this line.' });
const optionIds = z
  .array(idSchema)
  .max(50)
  .meta({ description: 'Flat; an option of a nested group needs the option that asks for the group.' });
const sizeId = idSchema.meta({ description: 'Exactly one where the item has sizes.' });
const note = lineOfText(200).meta({ description: 'For the kitchen.' });

const exampleId = (last: string) => `65f0c0ffee00000000000${last}`;

const addCartItemBody = z
  .strictObject({
    restaurantId: idSchema,
    itemId: idSchema,
    quantity,
    sizeId: sizeId.optional(),
    optionIds: optionIds.default([]),
    note: note.optional(),
    replace: z.boolean().default(false).meta({ description: 'Give up the lines of another restaurant.' }),
  })
  .meta({
    id: 'AddCartItem',
    examples: [
      {
        restaurantId: exampleId('a01'),
        itemId: exampleId('b01'),
        quantity: 2,
        optionIds: [exampleId('c01')],
        note: 'No coriander, please',
      },
    ],
  });

const changeCartItemBody = z
  .strictObject({
    quantity: quantity.optional(),
    sizeId: sizeId.optional(),
    optionIds: optionIds.optional(),
    note: note.nullable().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'name at least one change')
  .meta({ id: 'ChangeCartItem', examples: [{ quantity: 3 }] });

const setCartCouponBody = z
  .strictObject({ code: couponCodeSchema.nullable().meta({ description: 'Upper or lower case. null takes it out.' }) })
  .meta({ id: 'SetCartCoupon', examples: [{ code: 'WELCOME20' }] });

const lineParams = z.strictObject({ lineId: idSchema });

const common = { tag: 'Cart', auth: 'cart.use' } as const;

export const getCartRoute = defineRoute({
  ...common,
  method: 'get',
  path: '/cart',
  operationId: 'getCart',
  summary: 'The cart with the prices of this moment',
  request: { query },
  responses: { 200: cartViewSchema },
  errors: ['slot_unavailable'],
});

export const emptyCartRoute = defineRoute({
  ...common,
  method: 'delete',
  path: '/cart',
  operationId: 'emptyCart',
  summary: 'Empty the cart',
  request: {},
  responses: { 204: null },
  errors: [],
});

export const addCartItemRoute = defineRoute({
  ...common,
  method: 'post',
  path: '/cart/items',
  operationId: 'addCartItem',
  summary: 'Add a line to the cart',
  description:
    'A cart holds items of one restaurant: another one is a 409 unless `replace` is true. Prices come from the menu. A dish that is not ' +
    'served now goes in with the `slot` that it is for.',
  request: { query, body: addCartItemBody },
  responses: { 201: cartViewSchema },
  errors: [
    'not_found',
    'item_unavailable',
    'option_selection_invalid',
    'cart_other_restaurant',
    'cart_full',
    'version_conflict',
    'slot_unavailable',
  ],
});

export const changeCartItemRoute = defineRoute({
  ...common,
  method: 'patch',
  path: '/cart/items/{lineId}',
  operationId: 'changeCartItem',
  summary: 'Change quantity, size, options or note of a line',
  request: { params: lineParams, query, body: changeCartItemBody },
  responses: { 200: cartViewSchema },
  errors: ['not_found', 'item_unavailable', 'option_selection_invalid', 'slot_unavailable'],
});

export const removeCartItemRoute = defineRoute({
  ...common,
  method: 'delete',
  path: '/cart/items/{lineId}',
  operationId: 'removeCartItem',
  summary: 'Remove a line from the cart',
  request: { params: lineParams, query },
  responses: { 200: cartViewSchema },
  errors: ['not_found', 'slot_unavailable'],
});

export const setCartCouponRoute = defineRoute({
  ...common,
  method: 'put',
  path: '/cart/coupon',
  operationId: 'setCartCoupon',
  summary: 'Put a coupon into the cart',
  description:
    'One that does not hold now is refused, with the reason. A quote asks again: what holds no longer refuses it with the same code.',
  request: { query, body: setCartCouponBody },
  responses: { 200: cartViewSchema },
  errors: ['cart_empty', 'coupon_refused', 'slot_unavailable'],
});

export const removeCartCouponRoute = defineRoute({
  ...common,
  method: 'delete',
  path: '/cart/coupon',
  operationId: 'removeCartCoupon',
  summary: 'Take the coupon out of the cart',
  request: { query },
  responses: { 200: cartViewSchema },
  errors: ['slot_unavailable'],
});

export const cartsContracts = [
  getCartRoute,
  emptyCartRoute,
  addCartItemRoute,
  changeCartItemRoute,
  removeCartItemRoute,
  setCartCouponRoute,
  removeCartCouponRoute,
];
