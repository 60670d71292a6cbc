import { z } from 'zod';
import { defineRoute, idSchema, moneySchema, timeSchema } from '../../http/index.ts';
import { cardContracts } from './cards/cards.schema.ts';
import { PAYMENT_STATUSES } from './payment.machine.ts';
import { REFUND_REASONS } from './refunds/refund.model.ts';
import { refundContracts } from './refunds/refunds.schema.ts';
import { tipContracts } from './tips/tips.schema.ts';

const paymentSchema = z
  .strictObject({
    id: idSchema,
    orderId: idSchema,
    method: z.enum(['card', 'cash', 'none']),
    status: z.enum(PAYMENT_STATUSES),
    amount: moneySchema,
    captured: moneySchema.meta({ description: 'Taken from the card, or collected in cash.' }),
    refunded: moneySchema,
    disputed: moneySchema.meta({
      description: 'Taken back by the bank, while a dispute is open or once it is lost: gone like what is refunded.',
    }),
    refunds: z.array(
      z.strictObject({
        id: idSchema,
        status: z.enum(['processing', 'succeeded']),
        reason: z.enum(REFUND_REASONS),
        amount: moneySchema,
        createdAt: timeSchema,
      }),
    ),
    failureCode: z.string().nullable(),
    clientSecret: z.string().nullable().meta({
      description: 'Null while the provider is not reached, after payment, and for everybody but the customer.',
    }),
    publishableKey: z.string(),
  })
  .meta({ id: 'Payment' });

export const getPaymentRoute = defineRoute({
  method: 'get',
  path: '/orders/{orderId}/payment',
  operationId: 'getPayment',
  tag: 'Payments',
  summary: 'How an order is paid, what was given back, and what the browser needs to pay it',
  auth: 'payment.read',
  request: { params: z.strictObject({ orderId: idSchema }) },
  responses: { 200: paymentSchema },
  errors: ['not_found'],
});

export const payOrderRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/pay',
  operationId: 'payOrder',
  tag: 'Payments',
  summary: 'Try to pay again: with another card in the browser, or with a saved one',
  description:
    'While the order waits for its payment, and for some minutes after its capture was refused. `requires_action` means that the bank asks: show its question with the client secret. A saved card that is declined stands in `failureCode`.',
  auth: 'order.pay',
  request: {
    params: z.strictObject({ orderId: idSchema }),
    body: z
      .strictObject({ cardId: idSchema.optional() })
      .meta({ examples: [{ cardId: '65f0c0ffee0000000000abcd' }, {}] }),
  },
  responses: { 200: paymentSchema },
  errors: ['not_found', 'invalid_transition', 'payment_provider_unavailable'],
  isIdempotent: true,
});

export const receiveStripeEventRoute = defineRoute({
  method: 'post',
  path: '/webhooks/payments/stripe',
  operationId: 'receiveStripeEvent',
  tag: 'Payments',
  summary: 'Signed events of the payment provider',
  description:
    'The raw body is checked against the `Stripe-Signature` header. Repeated events answer 200 and change nothing.',
  auth: 'public',
  request: {},
  responses: { 200: z.strictObject({ received: z.literal(true), result: z.string() }) },
  errors: ['webhook_signature_invalid', 'payload_too_large'],
});

export const paymentsContracts = [
  getPaymentRoute,
  payOrderRoute,
  receiveStripeEventRoute,
  ...tipContracts,
  ...refundContracts,
  ...cardContracts,
];
