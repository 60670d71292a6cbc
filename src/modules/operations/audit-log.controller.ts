import type { Request, Response } from 'express';
import { page, parseRequest } from '../../http/index.ts';
import { toAuditRowView } from './audit-log.presenter.ts';
import { listAuditLogRoute } from './audit-log.schema.ts';
import * as service from './audit-log.service.ts';

export async function listAuditLog(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, listAuditLogRoute.request);
  const { data, limit, nextCursor } = await service.listAuditLog(query);
  page(res, { data: data.map(toAuditRowView), limit, nextCursor });
}
