import type { Request, Response } from 'express';
import { accepted, actorOf, idempotencyOf, markReplay, ok, page, parseRequest, sendFile } from '../../../http/index.ts';
import { toPayoutRunView, toPayoutView } from './payouts.presenter.ts';
import * as queries from './payouts.queries.ts';
import * as routes from './payouts.schema.ts';
import * as service from './payouts.service.ts';
import * as runs from './run-payouts.service.ts';
import * as statements from './statements.service.ts';

export async function listPayouts(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, routes.listPayoutsRoute.request);
  const payouts = await queries.listPayouts(query, actorOf(req));
  page(res, { ...payouts, data: payouts.data.map(toPayoutView) });
}

export async function getPayout(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getPayoutRoute.request);
  ok(res, toPayoutView(await queries.getPayout(params.payoutId, actorOf(req))));
}

export async function downloadStatement(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.downloadStatementRoute.request);
  const { expires = 0, signature = '' } = query;
  const content = await statements.openStatement({ ...params, expires, signature });
  sendFile(res, { fileName: `payout-${params.payoutId}.csv`, type: 'text/csv', content });
}

export async function requestPayouts(req: Request, res: Response): Promise<void> {
  parseRequest(req, routes.requestPayoutsRoute.request);
  const { answer, isReplay } = await runs.requestPayouts(idempotencyOf(req), actorOf(req));
  markReplay(res, isReplay);
  accepted(res, answer);
}

export async function getPayoutRun(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getPayoutRunRoute.request);
  ok(res, toPayoutRunView(await queries.getPayoutRun(params.runId)));
}

export async function markPayoutPaid(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.markPayoutPaidRoute.request);
  ok(res, toPayoutView(await service.markPayoutPaid({ ...params, ...body }, actorOf(req))));
}

export async function markPayoutFailed(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.markPayoutFailedRoute.request);
  ok(res, toPayoutView(await service.markPayoutFailed({ ...params, ...body }, actorOf(req))));
}
