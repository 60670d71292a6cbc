import type { Request } from 'express';
import { clientOf } from '../../http/index.ts';
import { emailSchema } from '../users/index.ts';
import { readDeviceToken } from './device-token.ts';
import { macOf } from './keys.ts';

/**
 * Whom an attempt to log in aims at, for the `loginTarget` limit. A device that has logged in to this account before counts for
 * itself, all others together: a stranger can fill the count of strangers, and the owner still gets in (OWASP "device cookie").
 * The e-mail goes through the schema of the route, so that whatever reaches one account reaches one count; what the schema is
 * about to refuse counts for the address alone.
 */
export function logInTarget(req: Request): string | null {
  const { email: sent } = (req.body ?? {}) as Record<string, unknown>;
  const email = emailSchema.safeParse(sent);
  if (!email.success) return null;
  const known = readDeviceToken(clientOf(req).deviceToken, email.data);
  return known === null ? `account:${macOf('device', `limit.${email.data}`)}` : `device:${known.deviceId}`;
}
