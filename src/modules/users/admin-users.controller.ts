import type { Request, Response } from 'express';
import { actorOf, ok, page, parseRequest } from '../../http/index.ts';
import { toAdminUserView } from './admin-users.presenter.ts';
import * as queries from './admin-users.queries.ts';
import { getUserForAdminRoute, listUsersRoute, updateUserRoute } from './admin-users.schema.ts';
import * as users from './admin-users.service.ts';

export async function listUsers(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, listUsersRoute.request);
  const { data, ...rest } = await queries.listUsers(query);
  page(res, { data: data.map(toAdminUserView), ...rest });
}

export async function getUserForAdmin(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, getUserForAdminRoute.request);
  ok(res, toAdminUserView(await queries.getUserForAdmin(params.userId)));
}

export async function updateUser(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, updateUserRoute.request);
  ok(res, toAdminUserView(await users.updateUser(body, params.userId, actorOf(req))));
}
