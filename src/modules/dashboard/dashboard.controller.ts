import type { Request, Response } from 'express';
import { actorOf, ok } from '../../http/index.ts';
import * as dashboard from './dashboard.service.ts';

export async function getDashboard(req: Request, res: Response): Promise<void> {
  ok(res, await dashboard.getDashboard(actorOf(req)));
}
