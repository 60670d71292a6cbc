import type { Request, Response } from 'express';
import { accepted, actorOf, clientOf, noContent, parseRequest } from '../../../http/index.ts';
import { sendLoggedIn } from '../log-in-answer.ts';
import {
  logInWithCodeRoute,
  requestLogInCodeRoute,
  requestPhoneVerificationRoute,
  targetOf,
  verifyPhoneRoute,
} from './codes.schema.ts';
import * as codes from './codes.service.ts';

export async function requestLogInCode(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, requestLogInCodeRoute.request);
  accepted(res, await codes.requestLogInCode(targetOf(body)));
}

export async function logInWithCode(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, logInWithCodeRoute.request);
  const { code, refreshTokenIn } = body;
  sendLoggedIn(res, await codes.logInWithCode({ ...targetOf(body), code }, clientOf(req)), { refreshTokenIn });
}

export async function requestPhoneVerification(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, requestPhoneVerificationRoute.request);
  accepted(res, await codes.requestPhoneVerification(body.phone, actorOf(req).userId));
}

export async function verifyPhone(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, verifyPhoneRoute.request);
  await codes.verifyPhone(body, actorOf(req).userId);
  noContent(res);
}
