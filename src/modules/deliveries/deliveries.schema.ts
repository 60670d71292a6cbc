import { z } from 'zod';
import { defineRoute, geoPointSchema, idSchema, moneySchema, pictureSchema, timeSchema } from '../../http/index.ts';
import { orderSchema } from '../orders/index.ts';
import { VEHICLES } from './courier.model.ts';
import { couriersContracts } from './couriers.schema.ts';
import { DELIVERY_STATUSES } from './delivery.machine.ts';
import { recordDeliveryEventRoute } from './delivery-events.schema.ts';
import { failureContracts } from './failure.schema.ts';
import { setDeliveryProofRoute } from './proof.schema.ts';

const AN_ID = '65f0c0ffee0000000000abcd';
const A_POINT = { lat: 15.2003, lng: 73.1004 };
const A_TIME = '2026-11-20T12:30:00.000Z';

const codeSchema = z
  .string()
  .regex(/^\d{4}$/, 'must be four digits')
  .meta({ examples: ['0429'] });

/** Four digits of a courier, six of a customer. */
const anyCodeSchema = z.string().regex(/^(\d{4}|\d{6})$/, 'must be four digits, or six');

const orderParams = z.strictObject({ orderId: idSchema });
const deliveryParams = z.strictObject({ deliveryId: idSchema });

const deliverySchema = z
  .strictObject({
    id: idSchema,
    orderId: idSchema,
    orderNumber: z.string(),
    status: z.enum(DELIVERY_STATUSES),
    version: z.int(),
    pickup: z.strictObject({
      name: z.string(),
      addressLine: z.string(),
      phone: z.string().nullable(),
      location: geoPointSchema,
    }),
    dropoff: z.strictObject({
      line1: z.string(),
      line2: z.string().nullable(),
      city: z.string(),
      postcode: z.string().nullable(),
      instructions: z.string().nullable(),
      location: geoPointSchema,
    }),
    tripMeters: z.int(),
    fee: moneySchema.meta({ description: 'What you earn.' }),
    cashToCollect: moneySchema
      .nullable()
      .meta({ description: 'What the customer hands you at the door; null: it is paid otherwise.' }),
    readyEta: timeSchema,
    handoverCode: codeSchema
      .nullable()
      .meta({ description: 'Show it to the restaurant, where you fetch the food or bring it back; null in between.' }),
    assignedAt: timeSchema.nullable(),
    pickedUpAt: timeSchema.nullable(),
  })
  .meta({
    id: 'Delivery',
    examples: [
      {
        id: AN_ID,
        orderId: AN_ID,
        orderNumber: '00ABCD',
        status: 'assigned',
        version: 4,
        pickup: { name: 'Saffron Table', addressLine: '4 Harbour Road', phone: null, location: A_POINT },
        dropoff: {
          line1: '12 Lighthouse Lane',
          line2: null,
          city: 'Saffron Bay',
          postcode: null,
          instructions: 'Blue door',
          location: A_POINT,
        },
        tripMeters: 2300,
        fee: { amount: 3900, currency: 'INR' },
        cashToCollect: null,
        readyEta: A_TIME,
        handoverCode: '0429',
        assignedAt: A_TIME,
        pickedUpAt: null,
      },
    ],
  });

const trackingSchema = z
  .strictObject({
    orderId: idSchema,
    status: z.string(),
    deliveryStatus: z.enum(DELIVERY_STATUSES).nullable(),
    courier: z
      .strictObject({
        name: z.string(),
        vehicle: z.enum(VEHICLES),
        location: geoPointSchema
          .nullable()
          .meta({ description: 'The neighbourhood only, until the food is picked up.' }),
        locationAt: timeSchema.nullable(),
      })
      .nullable(),
    eta: z.strictObject({ from: timeSchema, to: timeSchema }).nullable(),
    promisedAt: timeSchema.meta({ description: 'What the quote promised; it never moves.' }),
    proof: pictureSchema.nullable().meta({ description: 'The food at the door; for the customer and the office.' }),
    deliveryPin: codeSchema.nullable().meta({ description: 'For the customer alone; show it at the door.' }),
  })
  .meta({
    id: 'Tracking',
    examples: [
      {
        orderId: AN_ID,
        status: 'picked_up',
        deliveryStatus: 'picked_up',
        courier: { name: 'Asha', vehicle: 'scooter', location: A_POINT, locationAt: A_TIME },
        eta: { from: A_TIME, to: A_TIME },
        promisedAt: A_TIME,
        proof: null,
        deliveryPin: '0731',
      },
    ],
  });

export const getCurrentDeliveryRoute = defineRoute({
  method: 'get',
  path: '/deliveries/current',
  operationId: 'getCurrentDelivery',
  tag: 'Courier',
  summary: 'What you have in hand, with the way and the handover code',
  auth: 'delivery.carry',
  request: {},
  responses: { 200: deliverySchema },
  errors: ['not_found'],
});

export const renewHandoverCodeRoute = defineRoute({
  method: 'post',
  path: '/deliveries/{deliveryId}/handover-code',
  operationId: 'renewHandoverCode',
  tag: 'Courier',
  summary: 'Show the restaurant a new code, when the old one is locked',
  auth: 'delivery.carry',
  request: { params: deliveryParams },
  responses: { 200: z.strictObject({ handoverCode: codeSchema }).meta({ examples: [{ handoverCode: '0429' }] }) },
  errors: ['not_found', 'invalid_transition'],
});

export const handOverOrderRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/handover',
  operationId: 'handOverOrder',
  tag: 'Restaurant console',
  summary: 'Give the food to the courier, or to the customer who collects it, who shows this code',
  auth: 'order.cook',
  request: {
    params: orderParams,
    body: z.strictObject({ code: anyCodeSchema }).meta({ examples: [{ code: '0429' }] }),
  },
  responses: { 200: orderSchema },
  errors: [
    ...(['not_found', 'invalid_transition', 'amendment_open', 'payment_open'] as const),
    ...(['handover_code_wrong', 'handover_code_locked'] as const),
  ],
});

export const renewDeliveryPinRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/delivery-pin',
  operationId: 'renewDeliveryPin',
  tag: 'Orders',
  summary: 'Show the courier a new PIN; the old one is worth nothing',
  auth: 'order.receive',
  request: { params: orderParams },
  responses: { 200: z.strictObject({ pin: codeSchema }).meta({ examples: [{ pin: '0731' }] }) },
  errors: ['not_found', 'invalid_transition'],
});

export const getTrackingRoute = defineRoute({
  method: 'get',
  path: '/orders/{orderId}/tracking',
  operationId: 'getTracking',
  tag: 'Orders',
  summary: 'Who brings it, where they are, and when it comes',
  auth: 'order.read',
  request: { params: orderParams },
  responses: { 200: trackingSchema },
  errors: ['not_found'],
});

export const deliveriesContracts = [
  ...couriersContracts,
  getCurrentDeliveryRoute,
  recordDeliveryEventRoute,
  setDeliveryProofRoute,
  renewHandoverCodeRoute,
  handOverOrderRoute,
  renewDeliveryPinRoute,
  getTrackingRoute,
  ...failureContracts,
];
