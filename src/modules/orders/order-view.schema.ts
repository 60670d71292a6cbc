import { z } from 'zod';
import { geoPointSchema, idSchema, moneySchema, timeSchema } from '../../http/index.ts';
import { pricingViewSchema } from '../pricing/index.ts';
import { ORDER_MODES } from '../restaurants/index.ts';
import { HIDDEN } from './order-event.policy.ts';
import { ORDER_EVENT_TYPES } from './order.events.ts';
import { ORDER_STATUSES } from './order.machine.ts';
import { LIABLE_PARTIES } from '../../shared/liable-party.ts';
import { PAYMENT_METHODS, REPLACEMENTS } from './order-choices.ts';

export const orderAddressSchema = z.strictObject({
  label: z.string(),
  line1: z.string(),
  line2: z.string().optional(),
  city: z.string(),
  postcode: z.string().optional(),
  location: geoPointSchema,
  instructions: z.string().optional(),
});

/** A dish as it was chosen, at its price. */
export const orderItemSchema = z.strictObject({
  lineId: idSchema,
  itemId: idSchema,
  name: z.string(),
  quantity: z.int(),
  size: z.strictObject({ sizeId: z.string(), name: z.string(), price: moneySchema }).nullable(),
  options: z.array(z.strictObject({ optionId: z.string(), name: z.string(), price: moneySchema })),
  unitPrice: moneySchema,
  lineTotal: moneySchema,
  note: z.string().nullable(),
});

export const orderLineSchema = orderItemSchema.extend({
  discount: moneySchema
    .nullable()
    .meta({ description: 'The share of the coupon that falls on it; null where `pricing` is.' }),
  tax: moneySchema.nullable().meta({ description: 'After the discount; null where `pricing` is.' }),
});

export const slotSchema = z.strictObject({ startAt: timeSchema, endAt: timeSchema });

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
    items: z.array(orderLineSchema),
    pricing: pricingViewSchema
      .nullable()
      .meta({ description: 'The bill, as on the quote; null for the courier and for the kitchen.' }),
    amountDue: moneySchema
      .nullable()
      .meta({ description: 'What the customer owes in the end; null where `pricing` is.' }),
    amountRefunded: moneySchema.nullable(),
    tipped: moneySchema.nullable().meta({
      description:
        'Given to the courier after the delivery, beside the bill; less what was given back of it. For customer, courier and office.',
    }),
    liableParty: z
      .enum(LIABLE_PARTIES)
      .nullable()
      .meta({ description: 'Who bears what an end without food costs; for the office.' }),
    payment: z.strictObject({ id: idSchema, status: z.string() }),
    payAgainUntil: timeSchema.nullable().meta({ description: 'The card has refused: pay again by then.' }),
    amendments: z.int().meta({ description: 'How often a change of the dishes was proposed.' }),
    openAmendmentId: idSchema.nullable().meta({ description: 'The change that waits for the customer.' }),
    deliveryStatus: z.string().nullable(),
    mode: z.enum(ORDER_MODES),
    slot: slotSchema.nullable().meta({ description: 'In which the food is ready; null: as soon as possible.' }),
    releaseAt: timeSchema.nullable().meta({ description: 'When an order for a slot rings in the kitchen.' }),
    collectionCode: z
      .string()
      .nullable()
      .meta({ description: 'For the customer who collects: to be shown once the food is ready.' }),
    collectUntil: timeSchema.nullable().meta({ description: 'Food that nobody has collected by then is given up.' }),
    paymentMethod: z.enum(PAYMENT_METHODS),
    replacement: z.enum(REPLACEMENTS),
    deliveryAddress: orderAddressSchema.nullable(),
    distanceMeters: z.int(),
    notes: z.string().nullable(),
    reason: z.string().nullable(),
    prepMinutes: z.int().nullable(),
    readyEta: timeSchema.nullable(),
    eta: timeSchema.nullable().meta({ description: 'As things stand; `promisedAt` never moves.' }),
    promisedAt: timeSchema,
    createdAt: timeSchema,
    placedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
  })
  .meta({ id: 'Order' });

export const orderEventSchema = z
  .strictObject({
    orderId: idSchema,
    seq: z.int(),
    type: z.enum([...ORDER_EVENT_TYPES, HIDDEN]).meta({
      description: '`hidden`: no news for who asks; it is there so that `seq` has no gap.',
    }),
    at: timeSchema,
    data: z.record(z.string(), z.unknown()).meta({ description: 'What of it concerns who asks.' }),
    actor: z
      .strictObject({ role: z.string(), id: idSchema.nullable() })
      .optional()
      .meta({ description: 'Who did it; for support and admins.' }),
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
