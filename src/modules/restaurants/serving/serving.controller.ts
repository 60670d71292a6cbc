import type { Request, Response } from 'express';
import { ok, parseRequest } from '../../../http/index.ts';
import * as serviceability from './serviceability.service.ts';
import { toServiceabilityView, toSlotsView } from './serving.presenter.ts';
import { checkServiceabilityRoute, listSlotsRoute } from './serving.schema.ts';
import * as slots from './slots.service.ts';

export async function listSlots(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, listSlotsRoute.request);
  const { days = 1, ...asked } = query;
  ok(res, toSlotsView(await slots.listSlots({ ...params, ...asked, days })));
}

export async function checkServiceability(req: Request, res: Response): Promise<void> {
  const { restaurantId, ...point } = parseRequest(req, checkServiceabilityRoute.request).body;
  ok(res, toServiceabilityView(await serviceability.checkServiceability(point, restaurantId)));
}
