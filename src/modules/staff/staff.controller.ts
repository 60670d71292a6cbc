import type { Request, Response } from 'express';
import { actorOf, created, noContent, ok, page, parseRequest } from '../../http/index.ts';
import * as invitations from './invitations.service.ts';
import { toInvitationView, toMemberView, toStaffEntries } from './staff.presenter.ts';
import * as routes from './staff.schema.ts';
import * as staff from './staff.service.ts';
import * as workplaces from './workplaces.service.ts';

export async function listWorkplaces(req: Request, res: Response): Promise<void> {
  parseRequest(req, routes.listWorkplacesRoute.request);
  const data = await workplaces.listNamedWorkplaces(actorOf(req));
  page(res, { data, limit: data.length, nextCursor: null });
}

export async function listStaff(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.listStaffRoute.request);
  const data = toStaffEntries(await staff.listStaff(params.restaurantId, actorOf(req)));
  page(res, { data, limit: data.length, nextCursor: null });
}

export async function inviteStaff(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.inviteStaffRoute.request);
  const invitation = await invitations.inviteStaff({ ...params, ...body }, actorOf(req));
  created(res, `/api/v1/restaurants/${params.restaurantId}/staff`, toInvitationView(invitation));
}

export async function changeStaffRole(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.changeStaffRoleRoute.request);
  ok(res, toMemberView(await staff.changeStaffRole({ ...params, ...body }, actorOf(req))));
}

export async function removeStaff(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.removeStaffRoute.request);
  await staff.removeStaff(params, actorOf(req));
  noContent(res);
}

export async function revokeInvitation(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.revokeInvitationRoute.request);
  await invitations.revokeInvitation(params, actorOf(req));
  noContent(res);
}

export async function acceptInvitation(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, routes.acceptInvitationRoute.request);
  ok(res, await invitations.acceptInvitation(body.token, actorOf(req)));
}
