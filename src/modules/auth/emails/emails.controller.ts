import type { Request, Response } from 'express';
import { accepted, actorOf, noContent, parseRequest } from '../../../http/index.ts';
import { requestEmailChangeRoute, requestEmailVerificationRoute, verifyEmailRoute } from './emails.schema.ts';
import * as emails from './emails.service.ts';

export async function verifyEmail(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, verifyEmailRoute.request);
  await emails.verifyEmail(body.token, actorOf(req));
  noContent(res);
}

export async function requestEmailVerification(req: Request, res: Response): Promise<void> {
  parseRequest(req, requestEmailVerificationRoute.request);
  await emails.requestEmailVerification(actorOf(req).userId);
  accepted(res);
}

export async function requestEmailChange(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, requestEmailChangeRoute.request);
  await emails.requestEmailChange(body, actorOf(req));
  accepted(res);
}
