import { deviceNameOf } from './device-name.ts';
import { SessionModel, type SessionRow } from './session.model.ts';

/** Letters, digits and spaces: the name may come from whatever the client called itself, and goes into a mail. */
const PRINTABLE = /^[\p{L}\p{N} ]{1,60}$/u;

export interface SessionNotice {
  device: string;
  address: string;
  at: Date;
}

/** What the owner of the account is told about a log-in; null when the session is gone. */
export async function findSessionNotice(sessionId: string): Promise<SessionNotice | null> {
  const session = await SessionModel.findById(sessionId).lean<SessionRow>();
  if (session === null) return null;
  const device = deviceNameOf(session.userAgent);
  return {
    device: PRINTABLE.test(device) ? device : 'Unknown device',
    address: session.lastAddress,
    at: session.createdAt,
  };
}
