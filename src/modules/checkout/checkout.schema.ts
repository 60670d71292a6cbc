import { z } from 'zod';
import { defineRoute, geoPointSchema, idSchema, moneySchema, timeSchema } from '../../http/index.ts';
import { lineOfText } from '../../shared/line-of-text.ts';
import { orderAddressSchema, orderSchema } from '../orders/index.ts';
import { orderExample, quoteExample } from './checkout-examples.ts';

/** Ten thousand of a currency with hundredths: beyond it a tip is a slip of the finger. */
const MAX_TIP_MINOR = 1_000_000;

const line = lineOfText(200);

const addressBody = z
  .strictObject({
    label: line.default('Delivery address'),
    line1: line,
    line2: line.optional(),
    city: line,
    postcode: lineOfText(20).optional(),
    location: geoPointSchema,
    instructions: lineOfText(500).optional(),
  })
  .meta({ id: 'QuoteAddress' });

const createQuoteBody = z
  .strictObject({
    addressId: idSchema.optional().meta({ description: 'One of your addresses.' }),
    address: addressBody.optional().meta({ description: 'Or an address in full.' }),
    tipMinor: z.int().min(0).max(MAX_TIP_MINOR).default(0),
  })
  .refine((body) => (body.addressId === undefined) !== (body.address === undefined), {
    message: 'send either addressId or address',
    path: ['addressId'],
  })
  .meta({ id: 'CreateQuote', examples: [{ addressId: '65f0c0ffee00000000000e01', tipMinor: 2000 }] });

const pricingView = z.strictObject({
  items: moneySchema,
  deliveryFee: moneySchema,
  serviceFee: moneySchema,
  taxes: z.array(
    z.strictObject({ category: z.string(), basisPoints: z.int(), taxable: moneySchema, tax: moneySchema }),
  ),
  tax: moneySchema.meta({ description: 'The sum of `taxes`.' }),
  pricesIncludeTax: z.boolean().meta({ description: 'true: `tax` is part of the amounts, not added to them.' }),
  tip: moneySchema,
  total: moneySchema.meta({
    description: 'items + deliveryFee + serviceFee + tip, and tax unless the prices include it.',
  }),
});

export const quoteSchema = z
  .strictObject({
    id: idSchema,
    signature: z.string().meta({ description: 'HMAC-SHA256 over everything promised here.' }),
    createdAt: timeSchema,
    expiresAt: timeSchema,
    orderId: idSchema.nullable().meta({ description: 'The order it has bought.' }),
    restaurant: z.strictObject({ id: idSchema, name: z.string(), timeZone: z.string() }),
    address: orderAddressSchema,
    items: orderSchema.shape.items,
    pricing: pricingView,
    eta: z.strictObject({ from: timeSchema, to: timeSchema }).meta({ description: '`to` is the promise.' }),
    distanceMeters: z.int().meta({ description: 'Great circle times 1.35.' }),
  })
  .meta({ id: 'Quote', examples: [quoteExample] });

const placeOrderBody = z
  .strictObject({
    quoteId: idSchema,
    paymentMethod: z.literal('card'),
    notes: lineOfText(500).optional(),
  })
  .meta({
    id: 'PlaceOrder',
    examples: [{ quoteId: '65f0c0ffee00000000000f01', paymentMethod: 'card', notes: 'Please ring twice' }],
  });

const placedOrderSchema = orderSchema
  .extend({
    payment: z.strictObject({
      id: idSchema,
      status: z.string(),
      amount: moneySchema,
      clientSecret: z.string().nullable().meta({
        description: 'For the provider’s front-end library. null while the provider does not answer: ask again.',
      }),
      publishableKey: z.string(),
    }),
  })
  .meta({ id: 'PlacedOrder', examples: [orderExample] });

const customer = { auth: 'order.place' } as const;

export const createQuoteRoute = defineRoute({
  ...customer,
  method: 'post',
  path: '/quotes',
  operationId: 'createQuote',
  tag: 'Checkout',
  summary: 'Price the cart for an address',
  description: 'Items, fees, tax and arrival are fixed for ten minutes. A quote buys one order.',
  request: { body: createQuoteBody },
  responses: { 201: quoteSchema },
  errors: ['not_found', 'cart_empty', 'restaurant_unavailable', 'out_of_range', 'item_unavailable', 'below_minimum'],
});

export const getQuoteRoute = defineRoute({
  ...customer,
  method: 'get',
  path: '/quotes/{quoteId}',
  operationId: 'getQuote',
  tag: 'Checkout',
  summary: 'One of your quotes',
  request: { params: z.strictObject({ quoteId: idSchema }) },
  responses: { 200: quoteSchema },
  errors: ['not_found'],
});

export const placeOrderRoute = defineRoute({
  ...customer,
  method: 'post',
  path: '/orders',
  operationId: 'placeOrder',
  tag: 'Checkout',
  summary: 'Buy what was quoted',
  description:
    'Everything comes from the quote. Sent again with the same Idempotency-Key it answers the same, with `Idempotent-Replayed: true`.',
  request: { body: placeOrderBody },
  responses: { 201: placedOrderSchema },
  errors: [
    'not_found',
    'quote_expired',
    'quote_used',
    'quote_invalid',
    'restaurant_unavailable',
    'out_of_range',
    'item_unavailable',
    'out_of_stock',
  ],
  isIdempotent: true,
});

export const checkoutContracts = [createQuoteRoute, getQuoteRoute, placeOrderRoute];
