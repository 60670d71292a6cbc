import type { Request, Response } from 'express';
import { accepted, actorOf, noContent, ok, parseRequest, sendGzippedJson } from '../../http/index.ts';
import * as deletion from './delete-account.service.ts';
import * as exports from './exports.service.ts';
import { toExportView } from './privacy.presenter.ts';
import { deleteAccountRoute, downloadExportRoute, getExportRoute, requestExportRoute } from './privacy.schema.ts';

export async function requestExport(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, requestExportRoute.request);
  accepted(res, toExportView(await exports.requestExport({ password: body.password }, actorOf(req))));
}

export async function getExport(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, getExportRoute.request);
  ok(res, toExportView(await exports.getExport(params.exportId, actorOf(req))));
}

export async function downloadExport(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, downloadExportRoute.request);
  const { expires = 0, signature = '' } = query;
  const content = await exports.openExport({ exportId: params.exportId, expires, signature });
  await sendGzippedJson(res, { fileName: `quickbite-${params.exportId}.json`, content });
}

export async function deleteAccount(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, deleteAccountRoute.request);
  await deletion.deleteAccount({ password: body.password }, actorOf(req));
  noContent(res);
}
