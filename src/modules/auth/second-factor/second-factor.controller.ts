import type { Request, Response } from 'express';
import { actorOf, clientOf, ok, parseRequest } from '../../../http/index.ts';
import { sendLoggedIn } from '../log-in-answer.ts';
import {
  confirmSecondFactorRoute,
  disableSecondFactorRoute,
  enrolSecondFactorRoute,
  renewRecoveryCodesRoute,
  setUpSecondFactorRoute,
  verifySecondFactorRoute,
} from './second-factor.schema.ts';
import * as factors from './second-factor.service.ts';
import * as challenges from './verify.service.ts';

export async function setUpSecondFactor(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, setUpSecondFactorRoute.request);
  ok(res, await factors.setUpSecondFactor(body, actorOf(req)));
}

export async function confirmSecondFactor(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, confirmSecondFactorRoute.request);
  const { loggedIn, ...extra } = await factors.confirmSecondFactor(body.code, actorOf(req), clientOf(req));
  sendLoggedIn(res, loggedIn, { refreshTokenIn: body.refreshTokenIn, extra });
}

export async function disableSecondFactor(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, disableSecondFactorRoute.request);
  const { refreshTokenIn, password, ...proof } = body;
  const input = { password, proof: toProof(proof) };
  sendLoggedIn(res, await factors.disableSecondFactor(input, actorOf(req), clientOf(req)), { refreshTokenIn });
}

export async function renewRecoveryCodes(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, renewRecoveryCodesRoute.request);
  ok(res, await factors.renewRecoveryCodes(body.code, actorOf(req)));
}

export async function verifySecondFactor(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, verifySecondFactorRoute.request);
  const { refreshTokenIn, challenge, ...proof } = body;
  const { loggedIn, ...extra } = await challenges.verifySecondFactor(
    { challenge, proof: toProof(proof) },
    clientOf(req),
  );
  sendLoggedIn(res, loggedIn, { refreshTokenIn, extra });
}

export async function enrolSecondFactor(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, enrolSecondFactorRoute.request);
  ok(res, await challenges.enrolSecondFactor(body.challenge));
}

/** The schema has seen to it that there is exactly one. */
function toProof({ code, recoveryCode = '' }: { code?: string | undefined; recoveryCode?: string | undefined }) {
  return code === undefined ? { recoveryCode } : { code };
}
