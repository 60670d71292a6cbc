import type { Request, Response } from 'express';
import { actorOf, ok, parseRequest } from '../../http/index.ts';
import { getDashboardRoute } from './dashboard.schema.ts';
import * as dashboard from './dashboard.service.ts';

export async function getDashboard(req: Request, res: Response): Promise<void> {
  parseRequest(req, getDashboardRoute.request);
  ok(res, await dashboard.getDashboard(actorOf(req)));
}
