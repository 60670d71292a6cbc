import type { Request, Response } from 'express';
import { actorOf, noContent, ok, parseRequest } from '../../../http/index.ts';
import { toAttachedView } from '../../images/index.ts';
import * as routes from './item-pictures.schema.ts';
import * as service from './item-pictures.service.ts';

export async function setItemPicture(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.setItemPictureRoute.request);
  ok(res, toAttachedView(await service.setItemPicture({ ...params, ...body }, actorOf(req))));
}

export async function removeItemPicture(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.removeItemPictureRoute.request);
  await service.removeItemPicture(params.itemId, actorOf(req));
  noContent(res);
}

export async function setItemClip(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.setItemClipRoute.request);
  ok(res, toAttachedView(await service.setItemClip({ ...params, ...body }, actorOf(req))));
}

export async function removeItemClip(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.removeItemClipRoute.request);
  await service.removeItemClip(params.itemId, actorOf(req));
  noContent(res);
}
