import type { Request, Response } from 'express';
import { created, noContent, ok, parseRequest } from '../../http/index.ts';
import { logInRoute, logOutRoute, refreshRoute, signUpRoute } from './auth.schema.ts';
import * as auth from './auth.service.ts';

export async function signUp(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, signUpRoute.request);
  created(res, '/api/v1/me', await auth.signUp(body));
}

export async function logIn(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, logInRoute.request);
  ok(res, await auth.logIn(body));
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
