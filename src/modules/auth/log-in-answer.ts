import type { Response } from 'express';
import { created, ok } from '../../http/index.ts';
import type { LoggedIn, Tokens } from './log-in.service.ts';
import { setDeviceCookie, setRefreshCookie } from './sessions/refresh-cookie.ts';

interface Delivery {
  /** Where the client wants its refresh token. */
  refreshTokenIn: 'body' | 'cookie';
  /** 201 with this address instead of 200. */
  location?: string;
  /** Further fields of the body. */
  extra?: object;
}

/** The one answer of every way in. The device token travels beside the body, so that the body stays what clients know. */
export function sendLoggedIn(res: Response, loggedIn: LoggedIn, { refreshTokenIn, location, extra }: Delivery): void {
  const { deviceToken, refreshToken, ...body } = loggedIn;
  res.setHeader('X-Device-Token', deviceToken);
  if (refreshTokenIn === 'cookie') setDeviceCookie(res, deviceToken);
  const answer = { ...body, ...deliver(res, refreshToken, refreshTokenIn), ...extra };
  if (location === undefined) ok(res, answer);
  else created(res, location, answer);
}

/** New tokens go where the old one came from. */
export function sendTokens(res: Response, { accessToken, refreshToken }: Tokens, sentIn: 'body' | 'cookie'): void {
  ok(res, { accessToken, ...deliver(res, refreshToken, sentIn) });
}

/** What of the refresh token goes into the body. */
function deliver(res: Response, refreshToken: string, refreshTokenIn: 'body' | 'cookie'): { refreshToken?: string } {
  if (refreshTokenIn === 'body') return { refreshToken };
  setRefreshCookie(res, refreshToken);
  return {};
}
