import type { Request, Response } from 'express';
import { cachePublicly, ok, parseRequest } from '../../http/index.ts';
import { toMenuView } from './menu.presenter.ts';
import { getMenuRoute } from './menu.schema.ts';
import * as menu from './menu.service.ts';

const MAX_AGE_SECONDS = 10;

export async function getMenu(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, getMenuRoute.request);
  const view = toMenuView(await menu.getMenu(params.restaurantId));
  cachePublicly(res, MAX_AGE_SECONDS);
  ok(res, view);
}
