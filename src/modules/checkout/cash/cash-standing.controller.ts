import type { Request, Response } from 'express';
import { actorOf, ok, parseRequest } from '../../../http/index.ts';
import { toCashHistoryView } from './cash-standing.presenter.ts';
import { getCashHistoryRoute, liftCashRefusalRoute } from './cash-standing.schema.ts';
import * as service from './cash-standing.service.ts';

export async function getCashHistory(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, getCashHistoryRoute.request);
  ok(res, toCashHistoryView(await service.getCashHistory(params.userId)));
}

export async function liftCashRefusal(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, liftCashRefusalRoute.request);
  const lifted = { customerId: params.userId, reason: body.reason };
  ok(res, toCashHistoryView(await service.liftCashRefusal(lifted, actorOf(req))));
}
