import type { Request, Response } from 'express';
import { actorOf, idempotencyOf, markReplay, ok, parseRequest } from '../../../http/index.ts';
import { toCancellationView } from './cancellation.presenter.ts';
import { cancelOrderRoute } from './cancellation.schema.ts';
import * as service from './cancellation.service.ts';

export async function cancelOrder(req: Request, res: Response): Promise<void> {
  const { params, query, body } = parseRequest(req, cancelOrderRoute.request);
  const input = { ...params, ...body };
  if (query.dryRun) {
    ok(res, toCancellationView(await service.previewCancellation(input, actorOf(req))));
    return;
  }
  const { answer, isReplay } = await service.cancelOrder({ ...input, idempotency: idempotencyOf(req) }, actorOf(req));
  markReplay(res, isReplay);
  ok(res, answer);
}
