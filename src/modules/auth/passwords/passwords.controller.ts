import type { Request, Response } from 'express';
import { accepted, actorOf, clientOf, noContent, parseRequest } from '../../../http/index.ts';
import { sendLoggedIn } from '../log-in-answer.ts';
import { changePasswordRoute, requestPasswordResetRoute, resetPasswordRoute } from './passwords.schema.ts';
import * as passwords from './passwords.service.ts';

export async function requestPasswordReset(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, requestPasswordResetRoute.request);
  await passwords.requestPasswordReset(body.email);
  accepted(res);
}

export async function resetPassword(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, resetPasswordRoute.request);
  await passwords.resetPassword(body);
  noContent(res);
}

export async function changePassword(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, changePasswordRoute.request);
  const { refreshTokenIn, ...input } = body;
  const loggedIn = await passwords.changePassword(input, actorOf(req).userId, clientOf(req));
  sendLoggedIn(res, loggedIn, { refreshTokenIn });
}
