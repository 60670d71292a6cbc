import { z } from 'zod';
import { moneySchema } from '../../http/index.ts';

/** The bill of a quote; a cart has the same without the delivery fee. */
export const pricingViewSchema = z.strictObject({
  items: moneySchema,
  deliveryFee: moneySchema,
  serviceFee: moneySchema,
  packagingFee: moneySchema,
  smallOrderFee: moneySchema.meta({ description: 'Charged below an amount of items, before any discount.' }),
  discount: z
    .strictObject({ code: z.string(), items: moneySchema, delivery: moneySchema })
    .nullable()
    .meta({ description: 'What the coupon takes off items and delivery fee. null: there is none.' }),
  taxes: z.array(
    z.strictObject({ category: z.string(), basisPoints: z.int(), taxable: moneySchema, tax: moneySchema }),
  ),
  tax: moneySchema.meta({ description: 'The sum of `taxes`; taken on what is left after the discount.' }),
  pricesIncludeTax: z.boolean().meta({ description: 'true: `tax` is part of the amounts, not added to them.' }),
  tip: moneySchema,
  total: moneySchema.meta({
    description:
      'items + deliveryFee + serviceFee + packagingFee + smallOrderFee - discount.items - discount.delivery + tip, and tax ' +
      'unless the prices include it.',
  }),
});

export type PricingView = z.output<typeof pricingViewSchema>;
