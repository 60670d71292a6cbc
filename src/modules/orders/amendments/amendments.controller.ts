import type { Request, Response } from 'express';
import { actorOf, created, ok, page, parseRequest } from '../../../http/index.ts';
import { toAmendmentViews } from './amendments.presenter.ts';
import * as routes from './amendments.schema.ts';
import * as service from './amendments.service.ts';
import * as settlement from './settle-amendment.service.ts';

export async function proposeAmendment(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.proposeAmendmentRoute.request);
  const [view] = toAmendmentViews(await service.proposeAmendment({ ...params, ...body }, actorOf(req)));
  created(res, `/api/v1/orders/${params.orderId}/amendments`, view ?? {});
}

export async function listAmendments(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.listAmendmentsRoute.request);
  const data = toAmendmentViews(await service.listAmendments(params.orderId, actorOf(req)));
  page(res, { data, limit: routes.MAX_LISTED, nextCursor: null });
}

export async function respondToAmendment(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.respondToAmendmentRoute.request);
  ok(res, await settlement.respondToAmendment({ ...params, ...body }, actorOf(req)));
}
