import { z } from 'zod';
import { defineRoute, idSchema, timeSchema } from '../../../http/index.ts';

const historySchema = z
  .strictObject({
    customerId: idSchema,
    refusal: z
      .enum(['too_many_failed', 'too_many_open'])
      .nullable()
      .meta({ description: 'Why the next order could not be paid in cash; null: it could.' }),
    failed: z.array(
      z.strictObject({ orderId: idSchema, number: z.string(), reason: z.string().nullable(), endedAt: timeSchema }),
    ),
    openOrders: z.int().meta({ description: 'For cash, and under way.' }),
    limits: z.strictObject({ failed: z.int(), failedDays: z.int(), open: z.int() }),
    liftedAt: timeSchema.nullable().meta({ description: 'What failed before this is forgiven.' }),
    liftedBy: idSchema.nullable(),
  })
  .meta({
    id: 'CashHistory',
    examples: [
      {
        ...{ customerId: '65f0c0ffee0000000000c001', refusal: 'too_many_failed', openOrders: 0 },
        failed: [
          {
            ...{ orderId: '65f0c0ffee0000000000abcd', number: 'QB-7F3K', reason: 'customer_absent' },
            endedAt: '2026-11-20T13:02:00.000Z',
          },
        ],
        ...{ limits: { failed: 1, failedDays: 30, open: 3 }, liftedAt: null, liftedBy: null },
      },
    ],
  });

const common = { tag: 'Money', auth: 'cash.manage' } as const;
const params = z.strictObject({ userId: idSchema });

export const getCashHistoryRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/admin/users/{userId}/cash', operationId: 'getCashHistory' },
  summary: 'Whether a customer may pay in cash, and why not',
  description:
    'Orders for cash that found nobody at the door, or ended otherwise at their customer’s fault, count for some weeks (`CASH_FAILURES_MAX`, `CASH_FAILURE_DAYS`), and so do those under way (`CASH_OPEN_MAX`).',
  request: { params },
  responses: { 200: historySchema },
  errors: ['not_found'],
});

export const liftCashRefusalRoute = defineRoute({
  ...common,
  ...{ method: 'post', path: '/admin/users/{userId}/cash/lift', operationId: 'liftCashRefusal' },
  summary: 'Forgive a customer the orders for cash that have failed so far',
  request: {
    params,
    body: z
      .strictObject({ reason: z.string().trim().min(3).max(300) })
      .meta({ examples: [{ reason: 'The doorbell was broken; the customer called us.' }] }),
  },
  responses: { 200: historySchema },
  errors: ['not_found', 'own_side'],
});

export const cashContracts = [getCashHistoryRoute, liftCashRefusalRoute];
