import type { Request, Response } from 'express';
import { actorOf, noContent, ok, parseRequest } from '../../http/index.ts';
import { toAttachedView } from '../images/index.ts';
import { removeProfilePictureRoute, setProfilePictureRoute } from './profile-picture.schema.ts';
import * as service from './profile-picture.service.ts';

export async function setProfilePicture(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, setProfilePictureRoute.request);
  ok(res, toAttachedView(await service.setProfilePicture(body.imageId, actorOf(req))));
}

export async function removeProfilePicture(req: Request, res: Response): Promise<void> {
  parseRequest(req, removeProfilePictureRoute.request);
  await service.removeProfilePicture(actorOf(req));
  noContent(res);
}
