import express from 'express';
import { authenticate, authorize, createRouter, publicRoute, rateLimit } from '../../http/index.ts';
import * as controller from './payments.controller.ts';

export const paymentsRouter = createRouter();

paymentsRouter.get(
  '/orders/:orderId/payment',
  [authenticate, authorize('payment.read'), rateLimit('account')],
  controller.getPayment,
);

/** Mounted before the JSON parser: the signature is over the raw bytes. */
export const paymentWebhooksRouter = createRouter();

paymentWebhooksRouter.post(
  '/webhooks/payments/stripe',
  [publicRoute, rateLimit('webhook'), express.raw({ type: 'application/json', limit: '256kb' })],
  controller.receiveStripeEvent,
);
