import { z } from 'zod';
import { defineRoute, idSchema, moneySchema, pageSchema, timeSchema } from '../../../http/index.ts';
import { MAX_TIP_MINOR } from '../../pricing/index.ts';
import { PAYMENT_STATUSES } from '../payment.machine.ts';

const params = z.strictObject({ orderId: idSchema });

const tipSchema = z
  .strictObject({
    id: idSchema.meta({ description: 'Of the payment; `tipId` of POST /orders/{orderId}/refunds.' }),
    orderId: idSchema,
    status: z.enum(PAYMENT_STATUSES).meta({ description: '`captured`: the courier has it.' }),
    failureCode: z.string().nullable().meta({ description: 'Why the last card was refused; another may be tried.' }),
    amount: moneySchema,
    refunded: moneySchema,
    clientSecret: z.string().nullable().meta({
      description:
        'Null while the provider is not reached, once it is paid or given up, and for everybody but the customer.',
    }),
    publishableKey: z.string(),
    createdAt: timeSchema,
    expiresAt: timeSchema.nullable().meta({ description: 'A tip that is not paid by then is given up.' }),
  })
  .meta({
    id: 'Tip',
    examples: [
      {
        ...{ id: '65f0c0ffee00000000000f1a', orderId: '65f0c0ffee0000000000abcd', status: 'requires_payment' },
        ...{ failureCode: null, clientSecret: 'pi_3Q0c_secret_8ZyX', publishableKey: 'pk_test_1' },
        ...{ amount: { amount: 5000, currency: 'INR' }, refunded: { amount: 0, currency: 'INR' } },
        ...{ createdAt: '2026-11-20T13:20:00.000Z', expiresAt: '2026-11-20T13:35:00.000Z' },
      },
    ],
  });

export const tipOrderRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/tip',
  operationId: 'tipOrder',
  tag: 'Payments',
  summary: 'Tip the courier after the delivery',
  description:
    'A payment of its own, by card also where the order was paid in cash: at once with a saved card, else in the browser with the ' +
    'client secret. `requires_action` means that the bank asks. All of it is the courier’s, and the bill of the order stays what it is. ' +
    'More than once, up to the bound that the tip of a quote has; with that one together.',
  auth: 'order.tip',
  request: {
    params,
    body: z
      .strictObject({
        amount: z.strictObject({
          amount: z.int().min(1).max(MAX_TIP_MINOR),
          currency: z.string().regex(/^[A-Z]{3}$/),
        }),
        cardId: idSchema.optional().meta({ description: 'One of your saved cards.' }),
      })
      .meta({
        examples: [
          { amount: { amount: 5000, currency: 'INR' } },
          { amount: { amount: 5000, currency: 'INR' }, cardId: '65f0c0ffee0000000000abcd' },
        ],
      }),
  },
  responses: { 201: tipSchema },
  errors: ['not_found', 'invalid_transition', 'tip_refused', 'payment_provider_unavailable'],
  isIdempotent: true,
});

export const listTipsRoute = defineRoute({
  method: 'get',
  path: '/orders/{orderId}/tips',
  operationId: 'listTips',
  tag: 'Payments',
  summary: 'The tips of an order that were begun after its delivery, the first one first',
  auth: 'payment.read',
  request: { params },
  responses: { 200: pageSchema(tipSchema) },
  errors: ['not_found'],
});

export const tipContracts = [tipOrderRoute, listTipsRoute];
