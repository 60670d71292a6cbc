import { z } from 'zod';
import { defineRoute, idSchema, moneySchema, pageQuery, pageSchema, timeSchema } from '../../../http/index.ts';
import { LIABLE_PARTIES } from '../../../shared/liable-party.ts';
import { REFUND_CAUSES, REFUND_REASONS, REFUND_STATUSES } from './refund.model.ts';

const linesSchema = z
  .array(z.strictObject({ lineId: idSchema, quantity: z.int().min(1).max(99) }))
  .min(1)
  .max(50);

const refundSchema = z
  .strictObject({
    id: idSchema,
    orderId: idSchema,
    paymentId: idSchema.meta({ description: "The order's, or the tip's by its id." }),
    status: z.enum(REFUND_STATUSES),
    cause: z.enum(REFUND_CAUSES).meta({ description: '`settlement`: by itself, since the order is worth less.' }),
    reason: z.enum(REFUND_REASONS),
    note: z.string().nullable(),
    lines: z.array(z.strictObject({ lineId: idSchema, quantity: z.int() })),
    liableParty: z.enum(LIABLE_PARTIES),
    failureCode: z.string().nullable(),
    amount: moneySchema,
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'Refund' });

const BY_HAND = REFUND_REASONS.filter((reason) => !['order_ended', 'amended', 'tip_expired'].includes(reason));

export const refundOrderRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/refunds',
  operationId: 'refundOrder',
  tag: 'Payments',
  summary: 'Give money back: an amount, or dishes at what they cost',
  description:
    'The refund is made at the provider by a job. All refunds of an order together never exceed what was captured.',
  auth: 'refund.make',
  request: {
    params: z.strictObject({ orderId: idSchema }),
    body: z
      .strictObject({
        amountMinor: z.int().min(1).max(100_000_000).optional(),
        lines: linesSchema.optional(),
        tipId: idSchema.optional().meta({ description: 'Of a tip after the delivery instead of the order.' }),
        reason: z.enum(BY_HAND),
        note: z.string().trim().min(1).max(500).optional(),
        liableParty: z.enum(['restaurant', 'courier', 'platform']),
      })
      .refine(({ amountMinor, lines }) => (amountMinor === undefined) !== (lines === undefined), {
        error: 'either an amount or lines',
        path: ['amountMinor'],
      })
      .refine(({ tipId, lines }) => tipId === undefined || lines === undefined, {
        error: 'a tip has no lines',
        path: ['lines'],
      })
      .meta({
        examples: [{ amountMinor: 5000, reason: 'late', note: 'An hour late', liableParty: 'platform' }],
      }),
  },
  responses: { 201: refundSchema },
  errors: ['not_found', 'own_side', 'refund_exceeds_captured'],
  isIdempotent: true,
});

export const retryRefundRoute = defineRoute({
  method: 'post',
  path: '/refunds/{refundId}/retry',
  operationId: 'retryRefund',
  tag: 'Payments',
  summary: 'Make a failed refund again',
  auth: 'refund.make',
  request: { params: z.strictObject({ refundId: idSchema }) },
  responses: { 200: refundSchema },
  errors: ['not_found', 'own_side', 'invalid_transition', 'refund_exceeds_captured'],
  isIdempotent: true,
});

export const listRefundsRoute = defineRoute({
  method: 'get',
  path: '/refunds',
  operationId: 'listRefunds',
  tag: 'Payments',
  summary: 'Refunds that your account bears, newest first; for the office all of them',
  auth: 'refund.read',
  request: { query: z.strictObject({ orderId: idSchema.optional(), ...pageQuery }) },
  responses: { 200: pageSchema(refundSchema) },
  errors: [],
});

export const refundContracts = [refundOrderRoute, retryRefundRoute, listRefundsRoute];
