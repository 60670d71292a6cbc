import type { Request, Response } from 'express';
import { actorOf, created, idempotencyOf, markReplay, page, parseRequest } from '../../../http/index.ts';
import { MOST_TIPS } from './tip-rules.ts';
import { toTipView } from './tips.presenter.ts';
import * as routes from './tips.schema.ts';
import * as service from './tips.service.ts';

export async function tipOrder(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.tipOrderRoute.request);
  const input = { ...params, ...body, idempotency: idempotencyOf(req) };
  const { isReplay, ...details } = await service.tipOrder(input, actorOf(req));
  markReplay(res, isReplay);
  created(res, `/api/v1/orders/${params.orderId}/tips`, toTipView(details));
}

export async function listTips(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.listTipsRoute.request);
  const tips = await service.listTips(params.orderId, actorOf(req));
  page(res, { data: tips.map(toTipView), limit: MOST_TIPS, nextCursor: null });
}
