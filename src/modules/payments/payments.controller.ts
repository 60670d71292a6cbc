import type { Request, Response } from 'express';
import { actorOf, ok, parseRequest } from '../../http/index.ts';
import { readWebhook } from './gateways/stripe.ts';
import { toPaymentView } from './payments.presenter.ts';
import { getPaymentRoute } from './payments.schema.ts';
import * as service from './payments.service.ts';

export async function getPayment(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, getPaymentRoute.request);
  const found = await service.getPaymentFor(params.orderId, actorOf(req));
  ok(res, toPaymentView(found));
}

export async function receiveStripeEvent(req: Request, res: Response): Promise<void> {
  const rawBody = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  const event = readWebhook(rawBody, req.get('stripe-signature') ?? '');
  const result = await service.receiveProviderEvent(event);
  ok(res, { received: true, result });
}
