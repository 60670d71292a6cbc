import type { Request, Response } from 'express';
import { clientOf, noContent, ok, parseRequest } from '../../http/index.ts';
import { logInRoute, logOutRoute, refreshRoute, signUpRoute } from './auth.schema.ts';
import * as auth from './auth.service.ts';
import { sendLoggedIn } from './log-in-answer.ts';

export async function signUp(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, signUpRoute.request);
  const { refreshTokenIn, ...input } = body;
  sendLoggedIn(res, await auth.signUp(input, clientOf(req)), { refreshTokenIn, location: '/api/v1/me' });
}

export async function logIn(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, logInRoute.request);
  const { refreshTokenIn, ...input } = body;
  sendLoggedIn(res, await auth.logIn(input, clientOf(req)), { refreshTokenIn });
}

export async function refresh(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, refreshRoute.request);
  ok(res, await auth.refresh(body.refreshToken));
}

export async function logOut(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, logOutRoute.request);
  await auth.logOut(body.refreshToken);
  noContent(res);
}
