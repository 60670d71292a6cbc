import type { Request } from 'express';
import { macOf } from '../keys.ts';
import {
  logInWithCodeRoute,
  requestLogInCodeRoute,
  requestPhoneVerificationRoute,
  targetOf,
  verifyPhoneRoute,
} from './codes.schema.ts';

/*
 * What the limits `codeTarget` and `codeGuessTarget` count by: the target in its one form, whatever the code is for, so that nobody
 * is flooded with messages, and guesses at one target add up. Nobody is looked up: a target without an account fills like any other.
 * What the schema of the route is about to refuse counts for the address alone.
 */

export function logInCodeTarget(req: Request): string | null {
  const body = requestLogInCodeRoute.request.body.safeParse(req.body);
  return body.success ? keyOf(targetOf(body.data).target) : null;
}

export function phoneTarget(req: Request): string | null {
  const body = requestPhoneVerificationRoute.request.body.safeParse(req.body);
  return body.success ? keyOf(body.data.phone) : null;
}

export function guessedLogInTarget(req: Request): string | null {
  const body = logInWithCodeRoute.request.body.safeParse(req.body);
  return body.success ? keyOf(targetOf(body.data).target) : null;
}

export function guessedPhone(req: Request): string | null {
  const body = verifyPhoneRoute.request.body.safeParse(req.body);
  return body.success ? keyOf(body.data.phone) : null;
}

function keyOf(target: string): string {
  return macOf('code', `limit.${target}`);
}
