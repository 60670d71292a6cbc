import type { Request, Response } from 'express';
import { accepted, actorOf, created, noContent, ok, parseRequest, uploadedFile } from '../../http/index.ts';
import * as direct from './direct-uploads.service.ts';
import { toDirectUploadView, toImageView } from './images.presenter.ts';
import * as routes from './images.schema.ts';
import * as uploads from './uploads.service.ts';

export async function createUpload(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, routes.createUploadRoute.request);
  const row = await uploads.createUpload({ purpose: body.purpose, file: uploadedFile(req) }, actorOf(req));
  accepted(res.location(`/api/v1/uploads/${row._id}`), toImageView(row));
}

export async function getUpload(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getUploadRoute.request);
  ok(res, toImageView(await uploads.getUpload(params.imageId, actorOf(req))));
}

export async function deleteUpload(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.deleteUploadRoute.request);
  await uploads.deleteUpload(params.imageId, actorOf(req));
  noContent(res);
}

export async function signUpload(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, routes.signUploadRoute.request);
  const signed = await direct.signUpload(body, actorOf(req));
  created(res, `/api/v1/uploads/${signed.image._id}`, toDirectUploadView(signed));
}

export async function receiveImageCallback(req: Request, res: Response): Promise<void> {
  const rawBody = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  const headers = { timestamp: req.get('x-cld-timestamp') ?? '', signature: req.get('x-cld-signature') ?? '' };
  ok(res, { received: true, result: await direct.receiveImageCallback(rawBody, headers) });
}
