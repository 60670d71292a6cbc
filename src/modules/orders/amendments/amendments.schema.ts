import { z } from 'zod';
import { defineRoute, idSchema, moneySchema, pageSchema, timeSchema } from '../../../http/index.ts';
import { orderItemSchema, orderSchema } from '../order-view.schema.ts';
import { AMENDMENT_ANSWERS, AMENDMENT_OUTCOMES, AMENDMENT_STATUSES } from './amendment.machine.ts';

export const MAX_LISTED = 10;
const orderParams = z.strictObject({ orderId: idSchema });

const line = {
  lineId: idSchema,
  isSoldOut: z.boolean().default(false).meta({ description: 'Takes the dish off sale, for everybody.' }),
};
const quantity = z.int().min(1).max(99);
const changeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('remove'), ...line }),
  z.strictObject({ kind: z.literal('reduce'), ...line, quantity }),
  z.strictObject({
    kind: z.literal('substitute'),
    ...line,
    itemId: idSchema,
    sizeId: idSchema.optional(),
    optionIds: z.array(idSchema).max(100).default([]),
    quantity: quantity.optional().meta({ description: 'Absent: as many as were ordered.' }),
  }),
]);

const LINE = '65f0c0ffee0000000000a001';
const amendmentSchema = z
  .strictObject({
    id: idSchema,
    orderId: idSchema,
    status: z.enum(AMENDMENT_STATUSES),
    changes: z.array(
      z.strictObject({
        kind: z.enum(['remove', 'reduce', 'substitute']),
        lineId: idSchema,
        quantity: z.int(),
        substitute: orderItemSchema.nullable(),
      }),
    ),
    note: z.string().nullable(),
    totals: z
      .strictObject({
        before: moneySchema,
        ifAccepted: moneySchema.nullable().meta({
          description:
            'Null: no dish would be left, so that the order is cancelled free of charge, at the restaurant’s expense.',
        }),
        ifDeclined: moneySchema.nullable().meta({
          description: 'What is left without any substitute; null: nothing, as above.',
        }),
      })
      .nullable(),
    answer: z.enum(AMENDMENT_ANSWERS).nullable(),
    outcome: z.enum(AMENDMENT_OUTCOMES).nullable(),
    expiresAt: timeSchema,
    createdAt: timeSchema,
    settledAt: timeSchema.nullable(),
  })
  .meta({
    id: 'Amendment',
    examples: [
      {
        ...{ id: '65f0c0ffee0000000000a002', orderId: '65f0c0ffee0000000000abcd', status: 'proposed' },
        changes: [{ kind: 'remove', lineId: LINE, quantity: 0, substitute: null }],
        note: null,
        totals: {
          before: { amount: 76340, currency: 'INR' },
          ifAccepted: { amount: 69990, currency: 'INR' },
          ifDeclined: { amount: 69990, currency: 'INR' },
        },
        ...{ answer: null, outcome: null, settledAt: null },
        ...{ expiresAt: '2026-11-20T12:34:00.000Z', createdAt: '2026-11-20T12:30:00.000Z' },
      },
    ],
  });

export const proposeAmendmentRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/amendments',
  operationId: 'proposeAmendment',
  tag: 'Restaurant console',
  summary: 'A dish has run out: propose the order without it, with fewer, or with another in its place',
  description:
    'One at a time. The total never grows. Without an answer in four minutes what the customer chose with the order is done; until then ' +
    'the order cannot be called ready.',
  auth: 'order.amend',
  request: {
    params: orderParams,
    body: z
      .strictObject({
        changes: z.array(changeSchema).min(1).max(50),
        note: z.string().trim().min(1).max(200).optional(),
      })
      .meta({ examples: [{ changes: [{ kind: 'remove', lineId: LINE, isSoldOut: true }] }] }),
  },
  responses: { 201: amendmentSchema },
  errors: ['not_found', 'invalid_transition', 'amendment_open', 'amendment_invalid', 'amendments_used_up'],
});

export const listAmendmentsRoute = defineRoute({
  method: 'get',
  path: '/orders/{orderId}/amendments',
  operationId: 'listAmendments',
  tag: 'Orders',
  summary: 'What was proposed to be changed in an order, oldest first',
  auth: 'order.read',
  request: { params: orderParams },
  responses: { 200: pageSchema(amendmentSchema) },
  errors: ['not_found'],
});

export const respondToAmendmentRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/amendments/{amendmentId}/respond',
  operationId: 'respondToAmendment',
  tag: 'Orders',
  summary: 'Accept the change, have nothing in the place of what has run out, or cancel the order free of charge',
  auth: 'order.receive',
  request: {
    params: z.strictObject({ orderId: idSchema, amendmentId: idSchema }),
    body: z
      .strictObject({ answer: z.enum(['accepted', 'declined', 'cancelled_order']) })
      .meta({ examples: [{ answer: 'accepted' }] }),
  },
  responses: { 200: orderSchema },
  errors: ['not_found', 'invalid_transition'],
});

export const amendmentsContracts = [proposeAmendmentRoute, listAmendmentsRoute, respondToAmendmentRoute];
