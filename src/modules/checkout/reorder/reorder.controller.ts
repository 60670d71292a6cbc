import type { Request, Response } from 'express';
import { actorOf, ok, parseRequest } from '../../../http/index.ts';
import { toCartView } from '../../carts/index.ts';
import { reorderRoute } from './reorder.schema.ts';
import * as service from './reorder.service.ts';

export async function reorder(req: Request, res: Response): Promise<void> {
  const { params, query, body } = parseRequest(req, reorderRoute.request);
  const { cart, unavailable } = await service.reorder({ ...params, ...query, ...body }, actorOf(req));
  ok(res, { cart: toCartView(cart), unavailable });
}
