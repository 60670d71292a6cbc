import { z } from 'zod';
import { defineRoute, geoPointSchema, idSchema, moneySchema, timeSchema } from '../../http/index.ts';
import { dateFrom } from '../../shared/clock.ts';
import { lineOfText } from '../../shared/line-of-text.ts';
import { orderAddressSchema, orderLineSchema, orderSchema, REPLACEMENTS, slotSchema } from '../orders/index.ts';
import { MAX_TIP_MINOR, pricingViewSchema } from '../pricing/index.ts';
import { ORDER_MODES } from '../restaurants/index.ts';
import { orderExample, quoteExample } from './checkout-examples.ts';
import { cashContracts } from './cash/cash-standing.schema.ts';
import { reorderContracts } from './reorder/reorder.schema.ts';

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
    mode: z.enum(ORDER_MODES).default('delivery').meta({ description: '`collection`: you fetch it, no address.' }),
    addressId: idSchema.optional().meta({ description: 'One of your addresses.' }),
    address: addressBody.optional().meta({ description: 'Or an address in full.' }),
    slot: z
      .strictObject({ startAt: z.iso.datetime().transform(dateFrom) })
      .optional()
      .meta({ description: '`from` of one of GET /restaurants/{restaurantId}/slots; absent: as soon as possible.' }),
    tipMinor: z.int().min(0).max(MAX_TIP_MINOR).default(0).meta({ description: 'For the courier.' }),
  })
  .refine(({ mode, ...body }) => placesIn(body) === (mode === 'delivery' ? 1 : 0), {
    message: 'send either addressId or address; neither with mode collection',
    path: ['addressId'],
  })
  .refine(({ mode, tipMinor }) => mode === 'delivery' || tipMinor === 0, {
    message: 'a tip is for a courier',
    path: ['tipMinor'],
  })
  .meta({ id: 'CreateQuote', examples: [{ addressId: '65f0c0ffee00000000000e01', tipMinor: 2000 }] });

function placesIn({ addressId, address }: { addressId?: unknown; address?: unknown }): number {
  return [addressId, address].filter((place) => place !== undefined).length;
}

export const quoteSchema = z
  .strictObject({
    id: idSchema,
    signature: z.string().meta({ description: 'HMAC-SHA256 over everything promised here.' }),
    createdAt: timeSchema,
    expiresAt: timeSchema,
    orderId: idSchema.nullable().meta({ description: 'The order it has bought.' }),
    restaurant: z.strictObject({ id: idSchema, name: z.string(), timeZone: z.string() }),
    mode: z.enum(ORDER_MODES),
    address: orderAddressSchema.nullable().meta({ description: 'null: you collect it.' }),
    slot: slotSchema.nullable().meta({ description: 'In which the food is ready; null: as soon as possible.' }),
    releaseAt: timeSchema.nullable().meta({ description: 'When an order for the slot rings in the kitchen.' }),
    items: z.array(orderLineSchema),
    pricing: pricingViewSchema,
    eta: z.strictObject({ from: timeSchema, to: timeSchema }).meta({ description: '`to` is the promise.' }),
    distanceMeters: z.int().meta({ description: 'Great circle times 1.35; 0 where you collect it.' }),
    replacement: z.enum(REPLACEMENTS).meta({ description: 'Your stored choice; the order may name another.' }),
  })
  .meta({ id: 'Quote', examples: [quoteExample] });

const placeOrderBody = z
  .strictObject({
    quoteId: idSchema,
    paymentMethod: z.enum(['card', 'cash']).meta({
      description: '`cash`: to the courier, up to a limit, and not for a slot. Where there is nothing to pay: either.',
    }),
    replacement: z.enum(REPLACEMENTS).optional().meta({
      description: 'What to do when a dish has run out and you do not answer in time; absent: your stored choice.',
    }),
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
  summary: 'Price the cart for an address, a slot, or to be collected',
  description: 'Items, fees, tax and arrival are fixed for ten minutes. A quote buys one order.',
  request: { body: createQuoteBody },
  responses: { 201: quoteSchema },
  errors: [
    'not_found',
    'cart_empty',
    'restaurant_unavailable',
    'slot_unavailable',
    'out_of_range',
    'item_unavailable',
    'below_minimum',
    'coupon_refused',
  ],
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
    'Everything comes from the quote. Sent again with the same Idempotency-Key it answers the same, with `Idempotent-Replayed: true`. ' +
    'What has changed since the quote is 409 `quote_stale`, with the differences and a new quote; where none can be made, the error says why.',
  request: { body: placeOrderBody },
  responses: { 201: placedOrderSchema },
  errors: [
    'not_found',
    'quote_expired',
    'quote_used',
    'quote_invalid',
    'quote_stale',
    'restaurant_unavailable',
    'slot_unavailable',
    'out_of_range',
    'item_unavailable',
    'out_of_stock',
    'below_minimum',
    'coupon_refused',
    'payment_method_unavailable',
  ],
  isIdempotent: true,
});

export const checkoutContracts = [
  createQuoteRoute,
  getQuoteRoute,
  placeOrderRoute,
  ...reorderContracts,
  ...cashContracts,
];
