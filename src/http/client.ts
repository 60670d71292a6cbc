import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import type { Client } from '../shared/client.ts';

/** Where a browser keeps its device token, if it logged in in cookie mode. */
export const DEVICE_COOKIE = '__Host-quickbite-device';
const MAX_HEADER = 256;

/** What `req.ip` is, for a request that Express has not seen: behind each trusted proxy stands what it wrote last. */
export function addressOf({ socket, headers }: IncomingMessage, trustedHops: number): string {
  if (trustedHops === 0) return socket.remoteAddress ?? '';
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const hops = [
    socket.remoteAddress ?? '',
    ...forwarded
      .map((hop) => hop.trim())
      .filter(Boolean)
      .toReversed(),
  ];
  return hops[Math.min(trustedHops, hops.length - 1)] ?? '';
}

/** `req.ip` knows the trusted proxies; no header of the client is believed (bar.md case 54). */
export function clientOf(req: Request): Client {
  return {
    address: req.ip ?? '',
    userAgent: (req.get('user-agent') ?? '').slice(0, MAX_HEADER),
    deviceToken: deviceTokenOf(req),
  };
}

/** The header before the cookie; cookies are read on the routes of `auth` only. */
function deviceTokenOf(req: Request): string | null {
  const { [DEVICE_COOKIE]: cookie } = (req.cookies as Record<string, unknown> | undefined) ?? {};
  const token = req.get('x-device-token') ?? cookie;
  return typeof token === 'string' ? token.slice(0, MAX_HEADER) : null;
}
