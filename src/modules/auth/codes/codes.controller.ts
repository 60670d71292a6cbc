import type { Request, Response } from 'express';
import { accepted, actorOf, clientOf, noContent, parseRequest } from '../../../http/index.ts';
import { sendLoggedIn } from '../log-in-answer.ts';
import {
  logInWithCodeRoute,
  removePhoneRoute,
  requestLogInCodeRoute,
  requestPhoneVerificationRoute,
  targetOf,
  verifyPhoneRoute,
} from './codes.schema.ts';
import * as codes from './codes.service.ts';
import * as phones from './phones.service.ts';

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
  accepted(res, await phones.requestPhoneVerification(body, actorOf(req)));
}

export async function verifyPhone(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, verifyPhoneRoute.request);
  await phones.verifyPhone(body, actorOf(req));
  noContent(res);
}

export async function removePhone(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, removePhoneRoute.request);
  await phones.removePhone(body, actorOf(req));
  noContent(res);
}
