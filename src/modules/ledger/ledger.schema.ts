import { z } from 'zod';
import { defineRoute, idSchema, moneySchema, pageQuery, pageSchema, timeSchema } from '../../http/index.ts';
import { LEDGER_ACCOUNTS, LEDGER_KINDS } from './ledger-entry.model.ts';
import { PARTIES } from './payable.model.ts';

const entrySchema = z
  .strictObject({
    id: idSchema,
    kind: z.enum(LEDGER_KINDS),
    sourceId: z.string().meta({ description: 'What it was posted for; with the kind it is posted once.' }),
    orderId: idSchema.nullable(),
    createdAt: timeSchema,
    lines: z.array(
      z.strictObject({
        account: z.enum(LEDGER_ACCOUNTS),
        ownerId: idSchema.nullable(),
        amount: moneySchema.meta({ description: 'Debit positive, credit negative: what you earn is below zero.' }),
      }),
    ),
  })
  .meta({
    id: 'LedgerEntry',
    examples: [
      {
        ...{ id: '65f0c0ffee0000000000e001', kind: 'sale', sourceId: '65f0c0ffee0000000000abcd' },
        ...{ orderId: '65f0c0ffee0000000000abcd', createdAt: '2026-11-20T12:52:00.000Z' },
        lines: [
          {
            ...{ account: 'restaurant', ownerId: '65f0c0ffee000000000000b1' },
            amount: { amount: -57370, currency: 'INR' },
          },
        ],
      },
    ],
  });

export const listLedgerEntriesRoute = defineRoute({
  method: 'get',
  path: '/ledger/entries',
  operationId: 'listLedgerEntries',
  tag: 'Money',
  summary: 'The books: what was earned, charged and paid out, newest first',
  description:
    'Every posting sums to zero in its currency and is never changed. The owner of restaurants and a courier see their own lines of it, ' +
    'an admin all of them. With an account or an owner only the lines of these are shown.',
  auth: 'ledger.read',
  request: {
    query: z.strictObject({
      ...pageQuery,
      account: z.enum(LEDGER_ACCOUNTS).optional(),
      ownerId: idSchema.optional(),
      orderId: idSchema.optional(),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/)
        .optional(),
      from: timeSchema.optional().meta({ description: 'From this time on.' }),
      to: timeSchema.optional().meta({ description: 'Before this time.' }),
    }),
  },
  responses: { 200: pageSchema(entrySchema) },
  errors: [],
});

const balancesSchema = z
  .strictObject({
    ownerId: idSchema,
    balances: z.array(
      z.strictObject({
        party: z.enum(PARTIES),
        held: moneySchema.meta({ description: 'Earned, but too lately to be paid out.' }),
        payable: moneySchema.meta({ description: 'Below zero: owed to us.' }),
        cash: moneySchema.meta({ description: 'Of a courier: collected for us, and not handed in.' }),
      }),
    ),
  })
  .meta({
    id: 'LedgerBalances',
    examples: [
      {
        ownerId: '65f0c0ffee000000000000b1',
        balances: [
          {
            party: 'courier',
            ...{ held: { amount: 4500, currency: 'INR' }, payable: { amount: 52000, currency: 'INR' } },
            cash: { amount: 76340, currency: 'INR' },
          },
        ],
      },
    ],
  });

export const getLedgerBalancesRoute = defineRoute({
  method: 'get',
  path: '/ledger/balances',
  operationId: 'getLedgerBalances',
  tag: 'Money',
  summary: 'What a restaurant’s owner or a courier has with us',
  description: 'The next payout is `payable` less `cash`, where that is above zero. An admin names the owner.',
  auth: 'ledger.read',
  request: {
    query: z.strictObject({
      ownerId: idSchema.optional().meta({ description: 'Of whom; for others than oneself: admins.' }),
    }),
  },
  responses: { 200: balancesSchema },
  errors: [],
});

const depositInput = z
  .strictObject({
    amount: z.strictObject({ amount: z.int().min(1).max(1_000_000_000), currency: z.string().regex(/^[A-Z]{3}$/) }),
  })
  .meta({ examples: [{ amount: { amount: 250000, currency: 'INR' } }] });

const depositSchema = z
  .strictObject({
    id: idSchema,
    courierId: idSchema,
    amount: moneySchema,
    cash: moneySchema.meta({ description: 'What the courier still carries of ours.' }),
  })
  .meta({
    id: 'CashDeposit',
    examples: [
      {
        ...{ id: '65f0c0ffee0000000000ca51', courierId: '65f0c0ffee0000000000c0a1' },
        ...{ amount: { amount: 250000, currency: 'INR' }, cash: { amount: 1200, currency: 'INR' } },
      },
    ],
  });

export const recordCashDepositRoute = defineRoute({
  method: 'post',
  path: '/admin/couriers/{courierId}/cash-deposits',
  operationId: 'recordCashDeposit',
  tag: 'Money',
  summary: 'A courier has handed in cash',
  auth: 'money.manage',
  request: { params: z.strictObject({ courierId: idSchema }), body: depositInput },
  responses: { 201: depositSchema },
  errors: ['not_found', 'own_side', 'cash_deposit_too_large'],
  isIdempotent: true,
});

export const ledgerContracts = [listLedgerEntriesRoute, getLedgerBalancesRoute, recordCashDepositRoute];
