import type { Request, Response } from 'express';
import { actorOf, created, idempotencyOf, markReplay, ok, page, parseRequest } from '../../../http/index.ts';
import { toRefundView } from './refunds.presenter.ts';
import * as routes from './refunds.schema.ts';
import * as service from './refunds.service.ts';

export async function refundOrder(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.refundOrderRoute.request);
  const input = { ...params, ...body, idempotency: idempotencyOf(req) };
  const { answer, isReplay } = await service.refundOrder(input, actorOf(req));
  markReplay(res, isReplay);
  created(res, `/api/v1/orders/${answer.orderId}/payment`, answer);
}

export async function retryRefund(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.retryRefundRoute.request);
  const { answer, isReplay } = await service.retryRefund({ ...params, idempotency: idempotencyOf(req) }, actorOf(req));
  markReplay(res, isReplay);
  ok(res, answer);
}

export async function listRefunds(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, routes.listRefundsRoute.request);
  const refunds = await service.listRefunds(query, actorOf(req));
  page(res, { ...refunds, data: refunds.data.map(toRefundView) });
}
