import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import cors from 'cors';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { config } from '../../config/index.ts';

/** An API answers JSON: nothing may be loaded or framed on its behalf. */
const API_CSP = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };
const EXPOSED_HEADERS = ['X-Request-Id', 'X-Device-Token', 'Idempotent-Replayed', 'Location', 'Retry-After', 'ETag'];
const RATE_LIMIT_HEADERS = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];

type Headers = readonly (readonly [name: string, value: string])[];

/**
 * What `helmet` and `cors` say is the same on every answer, so they are asked once, at the start, and their words are repeated: asking
 * them on each request was a fifth of the work of an answer out of the cache.
 */
const originHandler = cors(({ headers }, decide) => {
  decide(null, {
    // As a list also for one origin: the package then says `Vary: Origin` on every answer.
    origin: [...config.http.corsOrigins],
    // Cookies for our own pages; nobody else is told of them.
    credentials: config.http.corsOrigins.includes(headers.origin ?? ''),
    exposedHeaders: [...EXPOSED_HEADERS, ...RATE_LIMIT_HEADERS],
    maxAge: 600,
  });
});

const security = answerOf(helmet({ contentSecurityPolicy: { useDefaults: false, directives: API_CSP } }), undefined);
const ourOrigins = new Map(config.http.corsOrigins.map((origin) => [origin, answerOf(originHandler, origin)]));
const otherOrigins = answerOf(originHandler, undefined);

export const securityHeaders: RequestHandler = (_req, res, next) => {
  for (const [name, value] of security) res.setHeader(name, value);
  next();
};

/** A preflight, which asks for something, is answered by `cors` itself. */
export const originHeaders: RequestHandler = (req, res, next) => {
  if (req.method === 'OPTIONS') {
    originHandler(req, res, next);
    return;
  }
  for (const [name, value] of headersForOrigin(req.headers.origin)) res.setHeader(name, value);
  next();
};

function headersForOrigin(origin: string | undefined): Headers {
  return (origin === undefined ? undefined : ourOrigins.get(origin)) ?? otherOrigins;
}

/** Both, for an answer that no middleware has seen. */
export function constantHeaders(origin: string | undefined): Headers {
  return (origin === undefined ? undefined : bothForOurs.get(origin)) ?? bothForOthers;
}

const bothForOurs = new Map([...ourOrigins].map(([origin, headers]) => [origin, [...security, ...headers]]));
const bothForOthers: Headers = [...security, ...otherOrigins];

function answerOf(handler: (...args: never[]) => void, origin: string | undefined): Headers {
  const req = new IncomingMessage(new Socket());
  req.method = 'GET';
  if (origin !== undefined) req.headers.origin = origin;
  const res = new ServerResponse(req);
  (handler as (req: unknown, res: unknown, next: () => void) => void)(req, res, () => undefined);
  // As they were spelled, which the types do not know of.
  const { getRawHeaderNames } = res as unknown as { getRawHeaderNames: () => string[] };
  return getRawHeaderNames.call(res).map((name) => [name, String(res.getHeader(name))] as const);
}
