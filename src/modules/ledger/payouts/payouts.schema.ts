import { z } from 'zod';
import {
  defineRoute,
  idSchema,
  moneySchema,
  pageQuery,
  pageSchema,
  timeSchema,
  linkQuery,
} from '../../../http/index.ts';
import { lineOfText } from '../../../shared/line-of-text.ts';
import { LEDGER_ACCOUNTS, LEDGER_KINDS } from '../ledger-entry.model.ts';
import { PARTIES } from '../payable.model.ts';
import { PAYOUT_STATUSES } from './payout.model.ts';

const payoutSchema = z
  .strictObject({
    id: idSchema,
    party: z.enum(PARTIES).meta({ description: 'As what its owner gets it.' }),
    ownerId: idSchema,
    status: z.enum(PAYOUT_STATUSES),
    amount: moneySchema,
    lines: z.array(
      z.strictObject({
        account: z.enum(LEDGER_ACCOUNTS),
        kind: z.enum(LEDGER_KINDS),
        count: z.int(),
        amount: moneySchema.meta({ description: 'Below zero: kept for what is owed to us, such as cash.' }),
      }),
    ),
    period: z.strictObject({ from: timeSchema, to: timeSchema }),
    createdAt: timeSchema,
    settledAt: timeSchema.nullable().meta({ description: 'Paid, or failed.' }),
    reference: z.string().nullable().meta({ description: 'Of the bank.' }),
    failureReason: z.string().nullable(),
    statement: z
      .strictObject({ url: z.url(), expiresAt: timeSchema })
      .nullable()
      .meta({ description: 'Its rows as a CSV, for whoever has the link, until then; null while it is made.' }),
  })
  .meta({
    id: 'Payout',
    examples: [
      {
        ...{ id: '65f0c0ffee0000000000f001', party: 'courier', ownerId: '65f0c0ffee0000000000c0a1', status: 'created' },
        amount: { amount: 41000, currency: 'INR' },
        lines: [
          { account: 'courier', kind: 'sale', count: 12, amount: { amount: 54000, currency: 'INR' } },
          { account: 'courier_cash', kind: 'cash_collected', count: 1, amount: { amount: -13000, currency: 'INR' } },
        ],
        period: { from: '2026-11-18T12:52:00.000Z', to: '2026-11-19T20:11:00.000Z' },
        ...{ createdAt: '2026-11-21T02:00:00.000Z', settledAt: null, reference: null, failureReason: null },
        statement: null,
      },
    ],
  });

const payoutParams = z.strictObject({ payoutId: idSchema });
const common = { tag: 'Money' } as const;

export const listPayoutsRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/payouts', operationId: 'listPayouts', auth: 'ledger.read' },
  summary: 'Payouts, newest first',
  description: 'One’s own; an admin sees all of them.',
  request: {
    query: z.strictObject({ ...pageQuery, status: z.enum(PAYOUT_STATUSES).optional(), ownerId: idSchema.optional() }),
  },
  responses: { 200: pageSchema(payoutSchema) },
  errors: [],
});

export const getPayoutRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/payouts/{payoutId}', operationId: 'getPayout', auth: 'ledger.read' },
  summary: 'One payout, with a link to its statement',
  request: { params: payoutParams },
  responses: { 200: payoutSchema },
  errors: ['not_found'],
});

export const downloadStatementRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/payouts/{payoutId}/statement', operationId: 'downloadStatement', auth: 'public' },
  summary: 'The statement of a payout as a CSV, by its link',
  description: 'The link is `statement.url` of the payout: signed, and good until it expires.',
  request: {
    params: payoutParams,
    query: linkQuery,
  },
  responses: { 200: null },
  fileTypes: ['text/csv'],
  errors: ['not_found', 'link_invalid'],
});

export const requestPayoutsRoute = defineRoute({
  ...common,
  ...{ method: 'post', path: '/admin/payouts/run', operationId: 'requestPayouts', auth: 'money.manage' },
  summary: 'Collect what is payable into payouts now',
  description:
    'A job does it, as every night: one payout for each owner and currency that has more to get than it owes. `GET /admin/payouts/run/{runId}` tells how far it is.',
  request: {},
  responses: { 202: z.strictObject({ runId: idSchema }).meta({ examples: [{ runId: '65f0c0ffee0000000000ab01' }] }) },
  errors: ['own_side'],
  isIdempotent: true,
});

const payoutRunSchema = z
  .strictObject({
    id: idSchema,
    status: z
      .enum(['requested', 'running', 'finished', 'failed'])
      .meta({ description: '`failed`: some payouts could not be made; it is tried again by itself, twelve times.' }),
    attempts: z.int().meta({ description: 'Begun how often.' }),
    due: z.int().meta({ description: 'Payees that the last attempt found.' }),
    made: z.int().meta({ description: 'Payouts that all attempts made.' }),
    failed: z.int().meta({ description: 'Payees whose payout the last attempt could not make; theirs stays payable.' }),
    requestedAt: timeSchema,
    finishedAt: timeSchema.nullable(),
  })
  .meta({
    id: 'PayoutRun',
    examples: [
      {
        ...{ id: '65f0c0ffee0000000000ab01', status: 'finished', attempts: 1, due: 42, made: 42, failed: 0 },
        ...{ requestedAt: '2026-11-21T02:00:00.000Z', finishedAt: '2026-11-21T02:00:09.000Z' },
      },
    ],
  });

export const getPayoutRunRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/admin/payouts/run/{runId}', operationId: 'getPayoutRun', auth: 'money.manage' },
  summary: 'How far a collecting of payouts is',
  request: { params: z.strictObject({ runId: idSchema }) },
  responses: { 200: payoutRunSchema },
  errors: ['not_found'],
});

export const markPayoutPaidRoute = defineRoute({
  ...common,
  ...{ method: 'post', path: '/admin/payouts/{payoutId}/paid', operationId: 'markPayoutPaid', auth: 'money.manage' },
  summary: 'The bank has paid it',
  description: 'Once: again with the same reference changes nothing, another one is refused.',
  request: {
    params: payoutParams,
    body: z.strictObject({ reference: lineOfText(100) }).meta({ examples: [{ reference: 'NEFT 2611210042' }] }),
  },
  responses: { 200: payoutSchema },
  errors: ['not_found', 'own_side', 'invalid_transition'],
});

export const markPayoutFailedRoute = defineRoute({
  ...common,
  ...{
    method: 'post',
    path: '/admin/payouts/{payoutId}/failed',
    operationId: 'markPayoutFailed',
    auth: 'money.manage',
  },
  summary: 'The bank has not paid it; it goes with the next payout',
  request: {
    params: payoutParams,
    body: z.strictObject({ reason: lineOfText(200) }).meta({ examples: [{ reason: 'The account is closed' }] }),
  },
  responses: { 200: payoutSchema },
  errors: ['not_found', 'own_side', 'invalid_transition'],
});

export const payoutsContracts = [
  listPayoutsRoute,
  getPayoutRoute,
  downloadStatementRoute,
  requestPayoutsRoute,
  getPayoutRunRoute,
  markPayoutPaidRoute,
  markPayoutFailedRoute,
];
