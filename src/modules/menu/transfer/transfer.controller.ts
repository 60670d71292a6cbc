import type { Request, Response } from 'express';
import { accepted, actorOf, ok, page, parseRequest, sendFile, textOf } from '../../../http/index.ts';
import * as duplication from './duplicate-menu.service.ts';
import * as exports from './export-menu.service.ts';
import * as imports from './imports.service.ts';
import { toCsv } from './menu-csv.ts';
import { toImportLine, toImportView } from './transfer.presenter.ts';
import * as routes from './transfer.schema.ts';

export async function duplicateMenu(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.duplicateMenuRoute.request);
  ok(res, await duplication.duplicateMenu({ ...params, ...body }, actorOf(req)));
}

export async function importMenu(req: Request, res: Response): Promise<void> {
  const { params: inPath, query: inQuery } = routes.importMenuRoute.request;
  // The body is for the job to read.
  const { params, query } = parseRequest(req, { params: inPath, query: inQuery });
  const format = req.is('text/csv') === 'text/csv' ? 'csv' : 'json';
  const row = await imports.requestImport({ ...params, ...query, format, body: textOf(req) }, actorOf(req));
  res.location(`/api/v1/restaurants/${params.restaurantId}/menu/imports/${row._id}`);
  accepted(res, toImportView(row));
}

export async function getMenuImport(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getMenuImportRoute.request);
  ok(res, toImportView(await imports.getImport(params, actorOf(req))));
}

export async function listMenuImports(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.listMenuImportsRoute.request);
  const rows = await imports.listImports({ ...params, ...query }, actorOf(req));
  page(res, { data: rows.map(toImportLine), limit: query.limit, nextCursor: null });
}

export async function exportMenu(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.exportMenuRoute.request);
  const document = await exports.exportMenu(params.restaurantId, actorOf(req));
  const fileName = `menu-${params.restaurantId}.${query.format}`;
  if (query.format === 'csv') sendFile(res, { fileName, type: 'text/csv', content: toCsv(document) });
  else ok(res.attachment(fileName), document);
}
