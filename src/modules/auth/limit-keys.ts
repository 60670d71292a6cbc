import type { Request } from 'express';
import { actorOf } from '../../http/index.ts';
import { emailSchema } from '../users/index.ts';
import { macOf } from './keys.ts';

/** The e-mail of the body in its one form, so that case, spaces and Unicode forms share a count; no address stands in Redis. */
export function emailKey(req: Request): string | null {
  const { email } = (req.body ?? {}) as { email?: unknown };
  const parsed = emailSchema.safeParse(email);
  return parsed.success ? macOf('link', parsed.data) : null;
}

/** The signed-in account. */
export function accountKey(req: Request): string {
  return actorOf(req).userId;
}
