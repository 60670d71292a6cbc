import { z } from 'zod';
import { defineRoute, idSchema, moneySchema } from '../../http/index.ts';
import { lineOfText } from '../../shared/line-of-text.ts';

const quantity = z.int().min(1).max(50).meta({ description: 'Pieces of this line.' });
const optionIds = z
  .array(idSchema)
  .max(50)
  .meta({ description: 'Flat; an option of a nested group needs the option that asks for the group.' });
const sizeId = idSchema.meta({ description: 'Exactly one where the item has sizes.' });
const note = lineOfText(200).meta({ description: 'For the kitchen.' });

const exampleId = (last: string) => `65f0c0ffee00000000000${last}`;
const inr = (amount: number) => ({ amount, currency: 'INR' });

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

const lineParams = z.strictObject({ lineId: idSchema });

const cartLineSchema = z.strictObject({
  id: idSchema,
  itemId: idSchema,
  name: z.string().nullable().meta({ description: 'null: no longer on the menu.' }),
  imageUrl: z.string().nullable(),
  quantity,
  size: z
    .strictObject({ id: idSchema, name: z.string(), price: moneySchema })
    .nullable()
    .meta({ description: 'null: the item has none, or none is chosen.' }),
  options: z.array(z.strictObject({ id: idSchema, name: z.string(), price: moneySchema })),
  note: z.string().optional(),
  unitPrice: moneySchema.meta({ description: 'One piece in its size, with its options.' }),
  lineTotal: moneySchema,
  problems: z
    .array(z.strictObject({ path: z.string(), code: z.string(), message: z.string() }))
    .meta({ description: 'Why the line cannot be ordered now, such as `sold_out`. Empty: it can.' }),
});

export const cartViewSchema = z
  .strictObject({
    restaurant: z
      .strictObject({ id: idSchema, name: z.string(), slug: z.string(), minimumOrder: moneySchema })
      .nullable()
      .meta({ description: 'null: the cart is empty.' }),
    lines: z.array(cartLineSchema),
    subtotal: moneySchema.nullable().meta({ description: 'Menu prices of today, before fees; a quote has them all.' }),
    version: z.int().meta({ description: 'Grows with every change.' }),
  })
  .meta({
    id: 'Cart',
    examples: [
      {
        restaurant: { id: exampleId('a01'), name: 'Biryani Wharf', slug: 'biryani-wharf', minimumOrder: inr(14900) },
        lines: [
          {
            id: exampleId('d01'),
            itemId: exampleId('b01'),
            name: 'Vegetable biryani',
            imageUrl: null,
            quantity: 2,
            size: null,
            options: [{ id: exampleId('c01'), name: 'Large', price: inr(6000) }],
            note: 'No coriander, please',
            unitPrice: inr(30900),
            lineTotal: inr(61800),
            problems: [],
          },
        ],
        subtotal: inr(61800),
        version: 1,
      },
    ],
  });

const common = { tag: 'Cart', auth: 'cart.use' } as const;

export const getCartRoute = defineRoute({
  ...common,
  method: 'get',
  path: '/cart',
  operationId: 'getCart',
  summary: 'The cart with the prices of this moment',
  request: {},
  responses: { 200: cartViewSchema },
  errors: [],
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
    'A cart holds items of one restaurant: another one is a 409 unless `replace` is true. Prices come from the menu.',
  request: { body: addCartItemBody },
  responses: { 201: cartViewSchema },
  errors: [
    'not_found',
    'item_unavailable',
    'option_selection_invalid',
    'cart_other_restaurant',
    'cart_full',
    'version_conflict',
  ],
});

export const changeCartItemRoute = defineRoute({
  ...common,
  method: 'patch',
  path: '/cart/items/{lineId}',
  operationId: 'changeCartItem',
  summary: 'Change quantity, size, options or note of a line',
  request: { params: lineParams, body: changeCartItemBody },
  responses: { 200: cartViewSchema },
  errors: ['not_found', 'item_unavailable', 'option_selection_invalid'],
});

export const removeCartItemRoute = defineRoute({
  ...common,
  method: 'delete',
  path: '/cart/items/{lineId}',
  operationId: 'removeCartItem',
  summary: 'Remove a line from the cart',
  request: { params: lineParams },
  responses: { 200: cartViewSchema },
  errors: ['not_found'],
});

export const cartsContracts = [
  getCartRoute,
  emptyCartRoute,
  addCartItemRoute,
  changeCartItemRoute,
  removeCartItemRoute,
];
