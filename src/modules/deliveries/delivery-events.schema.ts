import { z } from 'zod';
import { defineRoute, idSchema } from '../../http/index.ts';
import { CONTACT_CHANNELS, DISPOSALS, FAILURE_REASONS } from './failure.policy.ts';
import { assignmentSchema } from './couriers.schema.ts';

const pin = z
  .string()
  .regex(/^\d{4}$/, 'must be four digits')
  .meta({ examples: ['0731'] });

const plainEventSchema = z.strictObject({
  type: z.enum(['en_route_pickup', 'arrived_pickup', 'arrived_dropoff', 'released']),
});
const contactEventSchema = z.strictObject({ type: z.literal('contact_attempted'), channel: z.enum(CONTACT_CHANNELS) });
const failedEventSchema = z.strictObject({
  type: z.literal('failed'),
  reason: z.enum(FAILURE_REASONS),
  disposal: z.enum(DISPOSALS).meta({ description: 'Whether the food goes back to the restaurant.' }),
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
    '`released` gives it back, before the food is picked up. `delivered` needs the PIN that the customer shows; after five wrong ones it is locked until the customer shows a new one. Picking up is said by the restaurant. Of an order that is paid in cash it also needs `cashCollectedMinor`, which is what `cashToCollect` says.\n\n' +
    '`contact_attempted` at the door tells how you tried to reach the customer, who gets a push message. `failed` with `customer_absent`, `customer_refused` or `wrong_address` ' +
    'needs two of those and eight minutes at the door, and the customer pays. Your last position must be there (`too_far_from_door`): who arrives from afar reports `arrived_dropoff` again at the door, and the minutes count from then; with the other reasons it is possible as soon as you carry the food. You are paid for the way unless it was ' +
    'your fault (`food_damaged`, `courier_accident`). With `return` you carry the food back and show the restaurant your new handover code; with `discard` you are free at once. A picture of the door goes to `PUT /deliveries/{deliveryId}/proof`.',
  auth: 'delivery.carry',
  request: {
    params: z.strictObject({ deliveryId: idSchema }),
    body: z
      .discriminatedUnion('type', [plainEventSchema, contactEventSchema, failedEventSchema, deliveredEventSchema])
      .meta({
        examples: [
          { type: 'failed', reason: 'customer_absent', disposal: 'return' },
          { type: 'arrived_pickup' },
          { type: 'delivered', pin: '0731', cashCollectedMinor: 20480 },
        ],
      }),
  },
  responses: { 200: assignmentSchema },
  errors: [
    'not_found',
    'invalid_transition',
    'delivery_pin_wrong',
    'delivery_pin_locked',
    'cash_amount_wrong',
    'dropoff_wait_not_over',
    'too_far_from_door',
  ],
  isIdempotent: true,
});
