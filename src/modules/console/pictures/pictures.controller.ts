import type { Request, Response } from 'express';
import { actorOf, noContent, ok, parseRequest } from '../../../http/index.ts';
import { toAttachedView } from '../../images/index.ts';
import { removeRestaurantPictureRoute, setRestaurantPictureRoute } from './pictures.schema.ts';
import * as service from './pictures.service.ts';

export async function setRestaurantPicture(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, setRestaurantPictureRoute.request);
  ok(res, toAttachedView(await service.setRestaurantPicture({ ...params, ...body }, actorOf(req))));
}

export async function removeRestaurantPicture(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, removeRestaurantPictureRoute.request);
  await service.removeRestaurantPicture(params.restaurantId, actorOf(req));
  noContent(res);
}
