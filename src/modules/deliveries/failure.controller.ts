import type { Request, Response } from 'express';
import { actorOf, idempotencyOf, markReplay, ok, parseRequest } from '../../http/index.ts';
import { failDeliveryRoute, takeBackOrderRoute } from './failure.schema.ts';
import * as failure from './failure.service.ts';

export async function failDelivery(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, failDeliveryRoute.request);
  const input = { ...params, ...body, idempotency: idempotencyOf(req) };
  const { answer, isReplay } = await failure.failDelivery(input, actorOf(req));
  markReplay(res, isReplay);
  ok(res, answer);
}

export async function takeBackOrder(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, takeBackOrderRoute.request);
  ok(res, await failure.takeBackOrder({ ...params, ...body }, actorOf(req)));
}
