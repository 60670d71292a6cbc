import { z } from 'zod';
import { geoPointSchema, idSchema, moneySchema, timeSchema } from '../../http/index.ts';
import { ORDER_STATUSES } from './order.machine.ts';

export const orderAddressSchema = z.strictObject({
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
        size: z.strictObject({ sizeId: z.string(), name: z.string(), price: moneySchema }).nullable(),
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
    deliveryAddress: orderAddressSchema.nullable(),
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

export const orderEventSchema = z
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
