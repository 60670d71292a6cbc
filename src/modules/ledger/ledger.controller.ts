import type { Request, Response } from 'express';
import { actorOf, created, idempotencyOf, markReplay, ok, page, parseRequest } from '../../http/index.ts';
import * as balances from './balances.queries.ts';
import * as deposits from './cash-deposits.service.ts';
import * as queries from './ledger.queries.ts';
import { toBalancesView, toEntryView } from './ledger.presenter.ts';
import * as routes from './ledger.schema.ts';

export async function listLedgerEntries(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, routes.listLedgerEntriesRoute.request);
  const entries = await queries.listLedgerEntries(query, actorOf(req));
  page(res, { ...entries, data: entries.data.map(toEntryView) });
}

export async function getLedgerBalances(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, routes.getLedgerBalancesRoute.request);
  ok(res, toBalancesView(await balances.getLedgerBalances(query, actorOf(req))));
}

export async function recordCashDeposit(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.recordCashDepositRoute.request);
  const { answer, isReplay } = await deposits.recordCashDeposit(
    { ...params, ...body, idempotency: idempotencyOf(req) },
    actorOf(req),
  );
  markReplay(res, isReplay);
  created(res, `/api/v1/ledger/entries?account=courier_cash&ownerId=${answer.courierId}`, answer);
}
