import type { Request } from 'express';
import type { Client } from '../shared/client.ts';

const MAX_HEADER = 256;

/** `req.ip` knows the trusted proxies; no header of the client is believed (bar.md case 54). */
export function clientOf(req: Request): Client {
  return {
    address: req.ip ?? '',
    userAgent: (req.get('user-agent') ?? '').slice(0, MAX_HEADER),
    deviceToken: req.get('x-device-token')?.slice(0, MAX_HEADER) ?? null,
  };
}
