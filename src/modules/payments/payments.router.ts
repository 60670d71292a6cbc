import express from 'express';
import {
  authenticate,
  authorize,
  createRouter,
  publicRoute,
  rateLimit,
  requireIdempotencyKey,
} from '../../http/index.ts';
import * as cards from './cards/cards.controller.ts';
import * as controller from './payments.controller.ts';
import * as refunds from './refunds/refunds.controller.ts';
import * as tips from './tips/tips.controller.ts';

export const paymentsRouter = createRouter();

const cardHolder = [authenticate, authorize('cards.use'), rateLimit('account')];
const refunder = [authenticate, authorize('refund.make'), rateLimit('account')];

paymentsRouter.get(
  '/orders/:orderId/payment',
  [authenticate, authorize('payment.read'), rateLimit('account')],
  controller.getPayment,
);
paymentsRouter.post(
  '/orders/:orderId/pay',
  [authenticate, authorize('order.pay'), rateLimit('ordering')],
  requireIdempotencyKey('payOrder'),
  controller.payOrder,
);

paymentsRouter.post(
  '/orders/:orderId/tip',
  [authenticate, authorize('order.tip'), rateLimit('ordering')],
  requireIdempotencyKey('tipOrder'),
  tips.tipOrder,
);
paymentsRouter.get(
  '/orders/:orderId/tips',
  [authenticate, authorize('payment.read'), rateLimit('account')],
  tips.listTips,
);

paymentsRouter.post('/orders/:orderId/refunds', refunder, requireIdempotencyKey('refundOrder'), refunds.refundOrder);
paymentsRouter.post('/refunds/:refundId/retry', refunder, requireIdempotencyKey('retryRefund'), refunds.retryRefund);
paymentsRouter.get('/refunds', [authenticate, authorize('refund.read'), rateLimit('account')], refunds.listRefunds);

paymentsRouter.post('/me/cards', cardHolder, cards.addCard);
paymentsRouter.get('/me/cards', cardHolder, cards.listCards);
paymentsRouter.delete('/me/cards/:cardId', cardHolder, cards.removeCard);

/** Mounted before the JSON parser: the signature is over the raw bytes. */
export const paymentWebhooksRouter = createRouter();

paymentWebhooksRouter.post(
  '/webhooks/payments/stripe',
  [publicRoute, rateLimit('webhook'), express.raw({ type: 'application/json', limit: '256kb' })],
  controller.receiveStripeEvent,
);
