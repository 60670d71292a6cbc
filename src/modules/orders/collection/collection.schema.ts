import { z } from 'zod';
import { defineRoute, idSchema } from '../../../http/index.ts';
import { orderSchema } from '../order-view.schema.ts';

const params = z.strictObject({ orderId: idSchema });

export const renewCollectionCodeRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/collection-code',
  operationId: 'renewCollectionCode',
  tag: 'Orders',
  summary: 'Show the restaurant a new code; the old one is worth nothing',
  auth: 'order.receive',
  request: { params },
  responses: {
    200: z.strictObject({ collectionCode: z.string() }).meta({ examples: [{ collectionCode: '042917' }] }),
  },
  errors: ['not_found', 'invalid_transition'],
});

export const reportNoShowRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/no-show',
  operationId: 'reportNoShow',
  tag: 'Restaurant console',
  summary: 'Give up food that nobody has collected',
  description: 'After `collectUntil`, and only what a customer was to collect. The customer pays for it in full.',
  auth: 'order.cook',
  request: { params },
  responses: { 200: orderSchema },
  errors: ['not_found', 'invalid_transition', 'no_show_too_early'],
});

export const collectionContracts = [renewCollectionCodeRoute, reportNoShowRoute];
