import type { Request, Response } from 'express';
import { actorOf, ok, parseRequest } from '../../../http/index.ts';
import { renewCollectionCodeRoute, reportNoShowRoute } from './collection.schema.ts';
import * as collection from './collection.service.ts';

export async function renewCollectionCode(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, renewCollectionCodeRoute.request);
  ok(res, await collection.renewCollectionCode(params.orderId, actorOf(req)));
}

export async function reportNoShow(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, reportNoShowRoute.request);
  ok(res, await collection.reportNoShow(params.orderId, actorOf(req)));
}
