import type { Request, Response } from 'express';
import { parseRequest, publicPage } from '../../http/index.ts';
import { menuVersions } from '../../shared/public-versions.ts';
import { toMenuView } from './menu.presenter.ts';
import { getMenuRoute } from './menu.schema.ts';
import * as menu from './menu.service.ts';

export async function getMenu(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, getMenuRoute.request);
  const load = async () => {
    const page = await menu.getMenu(params.restaurantId, query.slot);
    return { body: toMenuView(page), touches: menuVersions(page.restaurantId), validUntil: page.validUntil };
  };
  // Of slots there is no end.
  await publicPage(req, res, { name: 'menu', key: { ...params, ...query }, isShared: query.slot === undefined, load });
}
