import type { Request, Response } from 'express';
import { actorOf, idempotencyOf, markReplay, ok, parseRequest } from '../../http/index.ts';
import { readWebhook } from './gateways/stripe-webhook.ts';
import { payOrder as takePayment } from './pay-order.service.ts';
import { toPaymentView } from './payments.presenter.ts';
import { getPaymentRoute, payOrderRoute } from './payments.schema.ts';
import * as service from './payments.service.ts';
import { receiveProviderEvent } from './webhooks.service.ts';

export async function getPayment(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, getPaymentRoute.request);
  const found = await service.getPaymentFor(params.orderId, actorOf(req));
  ok(res, toPaymentView(found));
}

export async function payOrder(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, payOrderRoute.request);
  const input = { ...params, ...body, idempotency: idempotencyOf(req) };
  const { isReplay, ...details } = await takePayment(input, actorOf(req));
  markReplay(res, isReplay);
  ok(res, toPaymentView(details));
}

export async function receiveStripeEvent(req: Request, res: Response): Promise<void> {
  const rawBody = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  const event = readWebhook(rawBody, req.get('stripe-signature') ?? '');
  const result = await receiveProviderEvent(event);
  ok(res, { received: true, result });
}
