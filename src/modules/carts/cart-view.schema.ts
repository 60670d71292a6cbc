import { z } from 'zod';
import { idSchema, moneySchema } from '../../http/index.ts';
import { pricingViewSchema } from '../pricing/index.ts';
import { COUPON_REFUSALS } from '../promotions/index.ts';
import { availabilitySchema } from '../restaurants/index.ts';

const exampleId = (last: string) => `65f0c0ffee00000000000${last}`;
const inr = (amount: number) => ({ amount, currency: 'INR' });

const cartLineSchema = z.strictObject({
  id: idSchema,
  itemId: idSchema,
  name: z.string().nullable().meta({ description: 'null: no longer on the menu.' }),
  imageUrl: z.string().nullable(),
  quantity: z.int(),
  size: z
    .strictObject({ id: idSchema, name: z.string(), price: moneySchema })
    .nullable()
    .meta({ description: 'null: the item has none, or none is chosen.' }),
  options: z.array(z.strictObject({ id: idSchema, name: z.string(), price: moneySchema })),
  note: z.string().optional(),
  unitPrice: moneySchema.meta({ description: 'One piece in its size, with its options.' }),
  lineTotal: moneySchema,
  discount: moneySchema.meta({ description: 'The share of the coupon that falls on this line.' }),
  tax: moneySchema.meta({
    description: 'After the discount; part of the line or added to it, as `pricesIncludeTax` says.',
  }),
  problems: z.array(z.strictObject({ path: z.string(), code: z.string(), message: z.string() })).meta({
    description:
      'Why the line cannot be ordered, now or for the `slot` that was asked for, such as `sold_out`. Empty: it can.',
  }),
});

export const cartViewSchema = z
  .strictObject({
    restaurant: z
      .strictObject({
        ...{ id: idSchema, name: z.string(), slug: z.string(), minimumOrder: moneySchema },
        availability: availabilitySchema,
      })
      .nullable()
      .meta({ description: 'null: the cart is empty.' }),
    lines: z.array(cartLineSchema),
    subtotal: moneySchema.nullable().meta({ description: 'Menu prices of today, before fees; a quote has them all.' }),
    pricing: pricingViewSchema.extend({ deliveryFee: z.null() }).nullable().meta({
      description:
        'By the rules of the quote, but for the delivery fee, which needs an address. null: the cart is empty.',
    }),
    coupon: z
      .strictObject({ code: z.string(), reason: z.enum(COUPON_REFUSALS).nullable(), minimum: moneySchema.nullable() })
      .nullable()
      .meta({
        description:
          '`reason`: why it does not hold as the cart is now, so that nothing is taken off; null: it does. `minimum`: of items, where there are too few.',
      }),
    version: z.int().meta({ description: 'Grows with every change.' }),
  })
  .meta({
    id: 'Cart',
    examples: [
      {
        restaurant: {
          ...{ id: exampleId('a01'), name: 'Biryani Wharf', slug: 'biryani-wharf', minimumOrder: inr(14900) },
          availability: {
            ...{ isOpen: true, reason: null, isBusy: false, nextOpenAt: null },
            ...{ openUntil: '2026-11-20T17:30:00.000Z', timeZone: 'Asia/Kolkata' },
          },
        },
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
            discount: inr(10000),
            tax: inr(2590),
            problems: [],
          },
        ],
        subtotal: inr(61800),
        pricing: {
          ...{
            items: inr(61800),
            deliveryFee: null,
            serviceFee: inr(900),
            packagingFee: inr(1500),
            smallOrderFee: inr(0),
          },
          discount: { code: 'WELCOME20', items: inr(10000), delivery: inr(0) },
          taxes: [{ category: 'food', basisPoints: 500, taxable: inr(51800), tax: inr(2590) }],
          ...{ tax: inr(2590), pricesIncludeTax: false, tip: inr(0), total: inr(56790) },
        },
        coupon: { code: 'WELCOME20', reason: null, minimum: null },
        version: 1,
      },
    ],
  });
