import { z } from 'zod';
import { defineRoute, idSchema } from '../../http/index.ts';
import { assignmentSchema } from './couriers.schema.ts';

const pin = z
  .string()
  .regex(/^\d{4}$/, 'must be four digits')
  .meta({ examples: ['0731'] });

const plainEventSchema = z.strictObject({
  type: z.enum(['en_route_pickup', 'arrived_pickup', 'arrived_dropoff', 'released']),
});
const deliveredEventSchema = z.strictObject({
  type: z.literal('delivered'),
  pin,
  cashCollectedMinor: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'Of an order that is paid in cash: what you took, in minor units.' }),
});

export const recordDeliveryEventRoute = defineRoute({
  method: 'post',
  path: '/deliveries/{deliveryId}/events',
  operationId: 'recordDeliveryEvent',
  tag: 'Courier',
  summary: 'Report a step of your delivery',
  description:
    '`released` gives it back, before the food is picked up. `delivered` needs the PIN that the customer shows; after five wrong ones it is locked until the customer shows a new one. Picking up is said by the restaurant. Of an order that is paid in cash it also needs `cashCollectedMinor`, which is what `cashToCollect` says.',
  auth: 'delivery.carry',
  request: {
    params: z.strictObject({ deliveryId: idSchema }),
    body: z
      .discriminatedUnion('type', [plainEventSchema, deliveredEventSchema])
      .meta({ examples: [{ type: 'arrived_pickup' }, { type: 'delivered', pin: '0731', cashCollectedMinor: 20480 }] }),
  },
  responses: { 200: assignmentSchema },
  errors: ['not_found', 'invalid_transition', 'delivery_pin_wrong', 'delivery_pin_locked', 'cash_amount_wrong'],
  isIdempotent: true,
});
