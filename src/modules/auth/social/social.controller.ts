import type { Request, Response } from 'express';
import { actorOf, clientOf, found, noContent, ok, page, parseRequest } from '../../../http/index.ts';
import { sendLoggedIn } from '../log-in-answer.ts';
import * as identities from './identities.service.ts';
import { PROVIDERS } from './provider-names.ts';
import { toIdentityView } from './social.presenter.ts';
import * as routes from './social.schema.ts';
import * as social from './social.service.ts';

export async function beginSocialLogIn(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.beginSocialLogInRoute.request);
  found(res, await social.beginSocialLogIn({ ...params, ...query, linkUserId: null }));
}

export async function completeSocialLogIn(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.completeSocialLogInRoute.request);
  found(res, await social.completeSocialLogIn(params.provider, new URLSearchParams(query as Record<string, string>)));
}

export async function exchangeSocialCode(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, routes.exchangeSocialCodeRoute.request);
  const { refreshTokenIn, ...input } = body;
  sendLoggedIn(res, await social.exchangeSocialCode(input, clientOf(req)), { refreshTokenIn });
}

export async function beginIdentityLink(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.beginIdentityLinkRoute.request);
  ok(res, { authorizationUrl: await social.beginIdentityLink({ ...params, ...body }, actorOf(req)) });
}

export async function linkIdentity(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, routes.linkIdentityRoute.request);
  ok(res, toIdentityView(await social.linkIdentity(body, actorOf(req))));
}

export async function listIdentities(req: Request, res: Response): Promise<void> {
  parseRequest(req, routes.listIdentitiesRoute.request);
  const rows = await identities.listIdentities(actorOf(req).userId);
  page(res, { data: rows.map(toIdentityView), limit: PROVIDERS.length, nextCursor: null });
}

export async function unlinkIdentity(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.unlinkIdentityRoute.request);
  await identities.unlinkIdentity({ ...params, ...body }, actorOf(req));
  noContent(res);
}
