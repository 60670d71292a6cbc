import type { Request, Response } from 'express';
import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { DEVICE_COOKIE } from '../../../http/index.ts';
import { DEVICE_TOKEN_SECONDS } from '../device-token.ts';

/** `__Host-`: only over https (or localhost), for this host alone, for every path; no script and no other site gets at it. */
export const REFRESH_COOKIE = '__Host-quickbite-refresh';
const MAX_LENGTH = 200;

const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;

export function setRefreshCookie(res: Response, refreshToken: string): void {
  res.cookie(REFRESH_COOKIE, refreshToken, { ...ATTRIBUTES, maxAge: config.auth.refreshTtlSeconds * 1000 });
}

export function clearRefreshCookie(res: Response): void {
  res.clearCookie(REFRESH_COOKIE, ATTRIBUTES);
}

/** For a page that wants to keep no token at all; `clientOf` reads it where the header is missing. */
export function setDeviceCookie(res: Response, deviceToken: string): void {
  res.cookie(DEVICE_COOKIE, deviceToken, { ...ATTRIBUTES, maxAge: DEVICE_TOKEN_SECONDS * 1000 });
}

export interface SentRefreshToken {
  refreshToken: string;
  sentIn: 'body' | 'cookie';
}

/**
 * From the body, or from the cookie where the body has none. A browser sends a cookie whoever asks it to, so who relies on it has
 * to show that one of our own pages asks.
 * @throws AppError `validation_failed` without either, `csrf_refused`
 */
export function sentRefreshToken(req: Request, inBody: string | undefined): SentRefreshToken {
  if (inBody !== undefined) return { refreshToken: inBody, sentIn: 'body' };
  const refreshToken = cookieOf(req);
  if (refreshToken === null) throw new AppError('validation_failed', { details: [MISSING] });
  assertOwnPage(req);
  return { refreshToken, sentIn: 'cookie' };
}

const MISSING = { path: 'refreshToken', code: 'missing', message: 'Neither in the body nor in a cookie.' };

function cookieOf(req: Request): string | null {
  // cookie-parser makes objects of values that begin with `j:`.
  const { [REFRESH_COOKIE]: value } = (req.cookies as Record<string, unknown> | undefined) ?? {};
  return typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH ? value : null;
}

/**
 * Two walls beside SameSite: `Origin`, which no script can change, names one of our pages, and a header that only a script of an
 * origin we allow can add, because it takes a preflight (OWASP: custom request header).
 */
function assertOwnPage(req: Request): void {
  const isOurs = config.http.corsOrigins.includes(req.get('origin') ?? '');
  if (!isOurs || req.get('x-csrf') !== '1') throw new AppError('csrf_refused');
}
