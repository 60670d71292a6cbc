import { z } from 'zod';
import {
  defineRoute,
  geoPointSchema,
  idSchema,
  moneySchema,
  pageQuery,
  pageSchema,
  timeSchema,
} from '../../http/index.ts';
import { ORDER_STATUSES } from './order.machine.ts';

const orderParams = z.strictObject({ orderId: idSchema });

/** A comma means OR. */
const statusFilter = z
  .string()
  .max(200)
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(ORDER_STATUSES)).min(1))
  .optional()
  .meta({ examples: ['placed,accepted'] });

const addressSchema = z.strictObject({
  label: z.string(),
  line1: z.string(),
  line2: z.string().optional(),
  city: z.string(),
  postcode: z.string().optional(),
  location: geoPointSchema,
  instructions: z.string().optional(),
});

export const orderSchema = z
  .strictObject({
    id: idSchema,
    number: z.string(),
    status: z.enum(ORDER_STATUSES),
    displayStatus: z.string(),
    version: z.int(),
    lastSeq: z.int().meta({ description: 'Seq of the last event; resume from here.' }),
    customerId: idSchema,
    restaurantId: idSchema,
    courierId: idSchema.nullable(),
    restaurant: z.strictObject({
      name: z.string(),
      addressLine: z.string(),
      phone: z.string().nullable(),
      location: geoPointSchema,
      timeZone: z.string(),
    }),
    items: z.array(
      z.strictObject({
        itemId: idSchema,
        name: z.string(),
        quantity: z.int(),
        options: z.array(z.strictObject({ optionId: z.string(), name: z.string(), price: moneySchema })),
        unitPrice: moneySchema,
        lineTotal: moneySchema,
        note: z.string().nullable(),
      }),
    ),
    totals: z
      .strictObject({
        items: moneySchema,
        deliveryFee: moneySchema,
        serviceFee: moneySchema,
        tax: moneySchema,
        tip: moneySchema,
        total: moneySchema,
      })
      .nullable(),
    payment: z.strictObject({ id: idSchema, status: z.string() }),
    deliveryStatus: z.string().nullable(),
    deliveryAddress: addressSchema.nullable(),
    distanceMeters: z.int(),
    notes: z.string().nullable(),
    reason: z.string().nullable(),
    prepMinutes: z.int().nullable(),
    readyEta: timeSchema.nullable(),
    promisedAt: timeSchema,
    createdAt: timeSchema,
    placedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
  })
  .meta({ id: 'Order' });

const orderEventSchema = z
  .strictObject({
    orderId: idSchema,
    seq: z.int(),
    type: z.string(),
    at: timeSchema,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({
    id: 'OrderEvent',
    examples: [
      {
        orderId: '65f0c0ffee0000000000abcd',
        seq: 2,
        type: 'order.placed',
        at: '2026-11-20T12:30:00.000Z',
        data: { status: 'placed' },
      },
    ],
  });

const listQuery = z.strictObject({ ...pageQuery, status: statusFilter });

export const listOrdersRoute = defineRoute({
  method: 'get',
  path: '/orders',
  operationId: 'listOrders',
  tag: 'Orders',
  summary: 'The orders you are a party to, newest first',
  auth: ['customer', 'restaurant', 'courier', 'support', 'admin'],
  request: { query: listQuery },
  responses: { 200: pageSchema(orderSchema) },
  errors: [],
});

export const getOrderRoute = defineRoute({
  method: 'get',
  path: '/orders/{orderId}',
  operationId: 'getOrder',
  tag: 'Orders',
  summary: 'One order, as its party may see it',
  auth: ['customer', 'restaurant', 'courier', 'support', 'admin'],
  request: { params: orderParams },
  responses: { 200: orderSchema },
  errors: ['not_found'],
});

export const listOrderEventsRoute = defineRoute({
  method: 'get',
  path: '/orders/{orderId}/events',
  operationId: 'listOrderEvents',
  tag: 'Orders',
  summary: 'The log of an order from a seq on: what the sockets sent, for those who missed it',
  auth: ['customer', 'restaurant', 'courier', 'support', 'admin'],
  request: {
    params: orderParams,
    query: z.strictObject({
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(100).default(100),
    }),
  },
  responses: { 200: pageSchema(orderEventSchema) },
  errors: ['not_found'],
});

export const cancelOrderRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/cancel',
  operationId: 'cancelOrder',
  tag: 'Orders',
  summary: 'Cancel, free of charge, while the restaurant has not accepted',
  auth: ['customer'],
  request: {
    params: orderParams,
    body: z
      .strictObject({ reason: z.enum(['changed_mind', 'ordered_by_mistake', 'takes_too_long']).optional() })
      .meta({ examples: [{ reason: 'changed_mind' }] }),
  },
  responses: { 200: orderSchema },
  errors: ['not_found', 'invalid_transition'],
  isIdempotent: true,
});

export const listRestaurantOrdersRoute = defineRoute({
  method: 'get',
  path: '/restaurants/{restaurantId}/orders',
  operationId: 'listRestaurantOrders',
  tag: 'Restaurant console',
  summary: 'The live board of a restaurant',
  auth: ['restaurant'],
  request: { params: z.strictObject({ restaurantId: idSchema }), query: listQuery },
  responses: { 200: pageSchema(orderSchema) },
  errors: ['not_found'],
});

export const acceptOrderRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/accept',
  operationId: 'acceptOrder',
  tag: 'Restaurant console',
  summary: 'Accept, and promise when it is cooked; the payment is captured and a courier looked for',
  auth: ['restaurant'],
  request: {
    params: orderParams,
    body: z.strictObject({ prepMinutes: z.int().min(5).max(90) }).meta({ examples: [{ prepMinutes: 15 }] }),
  },
  responses: { 200: orderSchema },
  errors: ['not_found', 'invalid_transition'],
  isIdempotent: true,
});

export const rejectOrderRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/reject',
  operationId: 'rejectOrder',
  tag: 'Restaurant console',
  summary: 'Refuse; the hold on the card is released',
  auth: ['restaurant'],
  request: {
    params: orderParams,
    body: z
      .strictObject({ reason: z.enum(['too_busy', 'closing', 'item_sold_out', 'cannot_deliver', 'other']) })
      .meta({ examples: [{ reason: 'too_busy' }] }),
  },
  responses: { 200: orderSchema },
  errors: ['not_found', 'invalid_transition'],
  isIdempotent: true,
});

export const markOrderPreparingRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/preparing',
  operationId: 'markOrderPreparing',
  tag: 'Restaurant console',
  summary: 'The kitchen has begun',
  auth: ['restaurant'],
  request: { params: orderParams },
  responses: { 200: orderSchema },
  errors: ['not_found', 'invalid_transition'],
});

export const markOrderReadyRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/ready',
  operationId: 'markOrderReady',
  tag: 'Restaurant console',
  summary: 'Cooked and packed',
  auth: ['restaurant'],
  request: { params: orderParams },
  responses: { 200: orderSchema },
  errors: ['not_found', 'invalid_transition'],
});

export const ordersContracts = [
  listOrdersRoute,
  getOrderRoute,
  listOrderEventsRoute,
  cancelOrderRoute,
  listRestaurantOrdersRoute,
  acceptOrderRoute,
  rejectOrderRoute,
  markOrderPreparingRoute,
  markOrderReadyRoute,
];
