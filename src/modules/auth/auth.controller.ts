import type { Request, Response } from 'express';
import { clientOf, noContent, parseRequest } from '../../http/index.ts';
import { logInRoute, logOutRoute, refreshRoute, signUpRoute } from './auth.schema.ts';
import * as auth from './auth.service.ts';
import { sendLoggedIn, sendTokens } from './log-in-answer.ts';
import { clearRefreshCookie, sentRefreshToken } from './sessions/refresh-cookie.ts';

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
  const { refreshToken, sentIn } = sentRefreshToken(req, body.refreshToken);
  sendTokens(res, await auth.refresh(refreshToken, clientOf(req)), sentIn);
}

export async function logOut(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, logOutRoute.request);
  const { refreshToken, sentIn } = sentRefreshToken(req, body.refreshToken);
  await auth.logOut(refreshToken);
  if (sentIn === 'cookie') clearRefreshCookie(res);
  noContent(res);
}
