import { z } from 'zod';
import { defineRoute, idSchema, moneySchema } from '../../http/index.ts';
import { PAYMENT_STATUSES } from './payment.machine.ts';

export const getPaymentRoute = defineRoute({
  method: 'get',
  path: '/orders/{orderId}/payment',
  operationId: 'getPayment',
  tag: 'Payments',
  summary: 'How your order is paid, and what the browser needs to pay it',
  auth: 'payment.read',
  request: { params: z.strictObject({ orderId: idSchema }) },
  responses: {
    200: z
      .strictObject({
        id: idSchema,
        orderId: idSchema,
        status: z.enum(PAYMENT_STATUSES),
        amount: moneySchema,
        captured: moneySchema,
        refunded: moneySchema,
        failureCode: z.string().nullable(),
        clientSecret: z
          .string()
          .nullable()
          .meta({ description: 'Null while the provider is not reached, and after payment.' }),
        publishableKey: z.string(),
      })
      .meta({ id: 'Payment' }),
  },
  errors: ['not_found'],
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

export const paymentsContracts = [getPaymentRoute, receiveStripeEventRoute];
