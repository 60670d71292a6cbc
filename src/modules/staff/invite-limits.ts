import type { Request } from 'express';
import { macOf } from '../auth/index.ts';
import { inviteStaffRoute } from './staff.schema.ts';

/** Whom an invitation is mailed to, for the `inviteTarget` limit; what the schema is about to refuse mails nobody. */
export function invitedEmail(req: Request): string | null {
  const body = inviteStaffRoute.request.body.safeParse(req.body);
  return body.success ? macOf('invitation', `limit.${body.data.email}`) : null;
}
