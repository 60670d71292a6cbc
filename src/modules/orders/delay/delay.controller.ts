import type { Request, Response } from 'express';
import { actorOf, ok, parseRequest } from '../../../http/index.ts';
import { delayOrderRoute } from './delay.schema.ts';
import * as service from './delay.service.ts';

export async function delayOrder(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, delayOrderRoute.request);
  ok(res, await service.delayOrder({ ...params, ...body }, actorOf(req)));
}
