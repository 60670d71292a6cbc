import { z } from 'zod';
import { defineRoute, idSchema, limitQuery, pageQuery, pageSchema, wholeNumber } from '../../http/index.ts';
import { dateFrom } from '../../shared/clock.ts';
import { ORDER_STATUSES, SOLD_OUT } from './order.machine.ts';
import { describeShown, EVENT_PARTIES } from './order-event.policy.ts';
import { orderEventSchema, orderSchema } from './order-view.schema.ts';

const orderParams = z.strictObject({ orderId: idSchema });

/** A comma means OR. */
const statusFilter = z
  .string()
  .max(200)
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(ORDER_STATUSES)).min(1))
  .optional()
  .meta({ examples: ['placed,accepted'] });

const seqQuery = wholeNumber(0, Number.MAX_SAFE_INTEGER);

const listQuery = z.strictObject({ ...pageQuery, status: statusFilter });

export const listOrdersRoute = defineRoute({
  method: 'get',
  path: '/orders',
  operationId: 'listOrders',
  tag: 'Orders',
  summary: 'The orders you are a party to, newest first',
  auth: 'order.read',
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
  auth: 'order.read',
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
  description:
    'Live, the same rows come over Socket.IO (WebSocket only; namespaces `/customer`, `/restaurant`, `/courier`, `/ops`; `auth: { token }` ' +
    'is an access token) as messages `event`. Other messages: `offer` to a courier (`{ offerId, courierId, deliveryId, orderId, ' +
    'expiresAt, pickup, distanceMeters, tripMeters, fee }`) and `location` to a customer whose courier is on the way (`{ orderId, ' +
    'location: { lat, lng }, at }`). Who was away sends `resume` with `{ orderId, afterSeq }`; its acknowledgement is `{ events, hasMore }`, ' +
    'or an error as over HTTP. Which `data` an event has, for whom; support and admins see all of it:\n\n' +
    describeShown(),
  auth: 'order.read',
  request: {
    params: orderParams,
    query: z.strictObject({
      after: seqQuery.optional(),
      cursor: seqQuery.optional().meta({ description: 'The same as `after`, by the name every list has for it.' }),
      as: z.enum(EVENT_PARTIES).optional().meta({ description: 'For support and admins: what this party sees.' }),
      at: z.iso
        .datetime()
        .transform(dateFrom)
        .optional()
        .meta({ description: 'For support and admins: what there was to see then.' }),
      limit: limitQuery(100),
    }),
  },
  responses: { 200: pageSchema(orderEventSchema) },
  errors: ['not_found'],
});

export const listRestaurantOrdersRoute = defineRoute({
  method: 'get',
  path: '/restaurants/{restaurantId}/orders',
  operationId: 'listRestaurantOrders',
  tag: 'Restaurant console',
  summary: 'The live board of a restaurant',
  auth: 'order.board',
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
  description:
    'Couriers are asked seven minutes before the food is ready (five for the way, two for an answer), or at once when that has passed or the order is said to be ready.',
  auth: 'order.accept',
  request: {
    params: orderParams,
    body: z.strictObject({ prepMinutes: z.int().min(5).max(90) }).meta({ examples: [{ prepMinutes: 15 }] }),
  },
  responses: { 200: orderSchema },
  errors: ['not_found', 'invalid_transition', 'payment_open'],
  isIdempotent: true,
});

export const rejectOrderRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/reject',
  operationId: 'rejectOrder',
  tag: 'Restaurant console',
  summary: 'Refuse; the hold on the card is released',
  description:
    'What is counted comes back into stock, except after `item_sold_out`: correct the counts yourself then. Dishes whose lines you name ' +
    'are off the menu at once, until you put them on again.',
  auth: 'order.reject',
  request: {
    params: orderParams,
    body: z
      .strictObject({
        reason: z.enum(['too_busy', 'closing', SOLD_OUT, 'cannot_deliver', 'other']),
        soldOutLineIds: z
          .array(idSchema)
          .max(100)
          .optional()
          .meta({ description: 'Lines of this order whose dishes have run out; with `item_sold_out`.' }),
      })
      .refine(({ reason, soldOutLineIds = [] }) => reason === SOLD_OUT || soldOutLineIds.length === 0, {
        message: 'goes with the reason item_sold_out',
        path: ['soldOutLineIds'],
      })
      .meta({
        examples: [{ reason: 'too_busy' }, { reason: SOLD_OUT, soldOutLineIds: ['65f0c0ffee00000000000c01'] }],
      }),
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
  auth: 'order.cook',
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
  auth: 'order.cook',
  request: { params: orderParams },
  responses: { 200: orderSchema },
  errors: ['not_found', 'invalid_transition', 'amendment_open'],
});

export const ordersContracts = [
  listOrdersRoute,
  getOrderRoute,
  listOrderEventsRoute,
  listRestaurantOrdersRoute,
  acceptOrderRoute,
  rejectOrderRoute,
  markOrderPreparingRoute,
  markOrderReadyRoute,
];
