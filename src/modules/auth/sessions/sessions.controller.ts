import type { Request, Response } from 'express';
import { actorOf, noContent, page, parseRequest } from '../../../http/index.ts';
import { clearRefreshCookie } from './refresh-cookie.ts';
import { toSessionView } from './sessions.presenter.ts';
import { endSessionRoute, listSessionsRoute, logOutEverywhereRoute } from './sessions.schema.ts';
import * as sessions from './sessions.service.ts';

export async function listSessions(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, listSessionsRoute.request);
  const actor = actorOf(req);
  const found = await sessions.listSessions(query, actor);
  page(res, { ...found, data: found.data.map((row) => toSessionView(row, actor.sessionId)) });
}

export async function endSession(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, endSessionRoute.request);
  await sessions.endSession(params.sessionId, actorOf(req));
  noContent(res);
}

export async function logOutEverywhere(req: Request, res: Response): Promise<void> {
  parseRequest(req, logOutEverywhereRoute.request);
  await sessions.logOutEverywhere(actorOf(req));
  clearRefreshCookie(res);
  noContent(res);
}
