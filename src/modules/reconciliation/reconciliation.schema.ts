import { z } from 'zod';
import { defineRoute, idSchema, limitQuery, moneySchema, pageSchema, timeSchema } from '../../http/index.ts';
import { DIFFERENCE_TYPES } from './compare.ts';

const daySchema = z.iso.date().meta({ description: 'UTC.', examples: ['2026-11-20'] });

const lineFields = {
  day: daySchema,
  ranAt: timeSchema,
  movements: z.int().meta({ description: 'That the provider lists.' }),
  matched: z.int(),
  sums: z.array(z.strictObject({ movements: z.int(), amount: moneySchema, fees: moneySchema })),
  differenceCount: z.int(),
  counts: z.record(z.enum(DIFFERENCE_TYPES), z.int()),
};

const example = {
  ...{ day: '2026-11-20', ranAt: '2026-11-21T03:00:00.000Z', movements: 214, matched: 213, differenceCount: 1 },
  sums: [{ movements: 214, amount: { amount: 9512300, currency: 'INR' }, fees: { amount: 148034, currency: 'INR' } }],
  counts: { missing_here: 1, missing_there: 0, amount: 0, currency: 0, unknown_payment: 0, duplicate: 0 },
};

const lineSchema = z.strictObject(lineFields).meta({ id: 'ReconciliationLine', examples: [example] });

const reportSchema = z
  .strictObject({
    ...lineFields,
    differences: z.array(
      z.strictObject({
        type: z.enum(DIFFERENCE_TYPES),
        movementId: z.string().nullable().meta({ description: 'Of the provider.' }),
        kind: z.string().nullable().meta({ description: 'Of the posting in the books.' }),
        sourceId: z.string().nullable(),
        orderId: idSchema.nullable(),
        booked: moneySchema.nullable(),
        provider: moneySchema.nullable(),
      }),
    ),
  })
  .meta({
    id: 'Reconciliation',
    examples: [
      {
        ...example,
        differences: [
          {
            ...{ type: 'missing_here', movementId: 'txn_1', kind: 'capture', sourceId: '65f0c0ffee0000000000beef' },
            ...{ orderId: null, booked: null, provider: { amount: 76340, currency: 'INR' } },
          },
        ],
      },
    ],
  });

const common = { tag: 'Money', auth: 'money.manage' } as const;
const params = z.strictObject({ day: daySchema });

export const listReconciliationsRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/admin/reconciliation', operationId: 'listReconciliations' },
  summary: 'How the days compare with the payment provider’s list, newest first',
  request: { query: z.strictObject({ limit: limitQuery(20), cursor: z.iso.date().optional() }) },
  responses: { 200: pageSchema(lineSchema) },
  errors: [],
});

export const getReconciliationRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/admin/reconciliation/{day}', operationId: 'getReconciliation' },
  summary: 'The differences of one day',
  description: 'At most a thousand of them; the counts are of all.',
  request: { params },
  responses: { 200: reportSchema },
  errors: ['not_found'],
});

export const requestReconciliationRoute = defineRoute({
  ...common,
  ...{ method: 'post', path: '/admin/reconciliation/{day}', operationId: 'requestReconciliation' },
  summary: 'Compare a day again',
  description:
    'A job does it, as every night for the day before. What fits is settled once, however often it is compared. Not days to come, nor from before the books, nor of long ago (`RECONCILIATION_DAYS_BACK`); one run of a day at a time.',
  request: { params },
  responses: { 202: z.strictObject({ day: daySchema }) },
  errors: ['reconciliation_day_refused', 'reconciliation_running'],
});

export const reconciliationContracts = [listReconciliationsRoute, getReconciliationRoute, requestReconciliationRoute];
