import type { Response } from 'express';
import { created, ok } from '../../http/index.ts';
import type { LoggedIn } from './log-in.service.ts';
import { setRefreshCookie } from './sessions/refresh-cookie.ts';

interface Delivery {
  /** Where the client wants its refresh token. */
  refreshTokenIn: 'body' | 'cookie';
  /** 201 with this address instead of 200. */
  location?: string;
  /** Further fields of the body. */
  extra?: object;
}

/** The one answer of every way in. The device token travels in a header, so that the body stays what clients know. */
export function sendLoggedIn(res: Response, loggedIn: LoggedIn, { refreshTokenIn, location, extra }: Delivery): void {
  const { deviceToken, refreshToken, ...body } = loggedIn;
  res.setHeader('X-Device-Token', deviceToken);
  if (refreshTokenIn === 'cookie') setRefreshCookie(res, refreshToken);
  const answer = { ...body, ...(refreshTokenIn === 'body' ? { refreshToken } : {}), ...extra };
  if (location === undefined) ok(res, answer);
  else created(res, location, answer);
}
