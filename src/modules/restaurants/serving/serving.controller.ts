import type { Request, Response } from 'express';
import { ok, parseRequest, publicPage } from '../../../http/index.ts';
import { restaurantVersions } from '../../../shared/public-versions.ts';
import * as serviceability from './serviceability.service.ts';
import { toServiceabilityView, toSlotsView } from './serving.presenter.ts';
import { checkServiceabilityRoute, listSlotsRoute } from './serving.schema.ts';
import * as slots from './slots.service.ts';

export async function listSlots(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, listSlotsRoute.request);
  const asked = { ...params, ...query, days: query.days ?? 1 };
  const load = async () => {
    const list = await slots.listSlots(asked);
    const touches = restaurantVersions(params.restaurantId);
    return { body: toSlotsView(list), touches, validUntil: list.validUntil };
  };
  await publicPage(req, res, { name: 'slots', key: asked, load });
}

export async function checkServiceability(req: Request, res: Response): Promise<void> {
  const { restaurantId, ...point } = parseRequest(req, checkServiceabilityRoute.request).body;
  ok(res, toServiceabilityView(await serviceability.checkServiceability(point, restaurantId)));
}
