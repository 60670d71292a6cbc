import type { Request, Response } from 'express';
import { accepted, ok, page, parseRequest } from '../../http/index.ts';
import { toDayLine, toDayView } from './reconciliation.presenter.ts';
import * as routes from './reconciliation.schema.ts';
import * as service from './reconciliation.service.ts';

export async function listReconciliations(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, routes.listReconciliationsRoute.request);
  const days = await service.listReconciliations(query);
  page(res, { ...days, data: days.data.map(toDayLine) });
}

export async function getReconciliation(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getReconciliationRoute.request);
  ok(res, toDayView(await service.getReconciliation(params.day)));
}

export async function requestReconciliation(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.requestReconciliationRoute.request);
  accepted(res, await service.requestReconciliation(params.day));
}
