import type { Request } from 'express';
import { clientOf } from '../../http/index.ts';
import { logInRoute } from './auth.schema.ts';
import { readDeviceToken } from './device-token.ts';
import { macOf } from './keys.ts';

/**
 * Whom an attempt to log in aims at, for the `loginTarget` limit. The devices that have logged in to this account before share one
 * count, all others another: a stranger can fill the count of strangers, and the owner still gets in (OWASP "device cookie"). One
 * for all of them, since each log-in without a token makes one more known device, and whoever hoards them must not gain guesses.
 * The body goes through the schema of the route, so that whatever reaches one account reaches one count; what the schema is
 * about to refuse counts for the address alone.
 */
export function logInTarget(req: Request): string | null {
  const body = logInRoute.request.body.safeParse(req.body);
  if (!body.success) return null;
  const { email } = body.data;
  const known = readDeviceToken(clientOf(req).deviceToken, email);
  return `${known === null ? 'account' : 'known'}:${macOf('device', `limit.${email}`)}`;
}
