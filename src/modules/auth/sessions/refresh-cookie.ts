import type { Response } from 'express';
import { config } from '../../../config/index.ts';

/** `__Host-`: only over https (or localhost), for this host alone, for every path; no script and no other site gets at it. */
export const REFRESH_COOKIE = '__Host-quickbite-refresh';

const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;

export function setRefreshCookie(res: Response, refreshToken: string): void {
  res.cookie(REFRESH_COOKIE, refreshToken, { ...ATTRIBUTES, maxAge: config.auth.refreshTtlSeconds * 1000 });
}

export function clearRefreshCookie(res: Response): void {
  res.clearCookie(REFRESH_COOKIE, ATTRIBUTES);
}
