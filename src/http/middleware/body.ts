import express, { type RequestHandler } from 'express';
import { AppError } from '../../errors/index.ts';
import { hasBody } from '../has-body.ts';
import { limitBody } from './limit-body.ts';

const LIMIT_BYTES = 100 * 1024;
/** Deeper JSON parses, and then overflows whatever recurses over it (bar.md, finding 3). */
const MAX_DEPTH = 20;
const UTF_8 = /;\s*charset\s*=\s*"?utf-?8"?\s*(;|$)/i;

/** JSON in, or nothing: any other content type is 415, too deep a document 400. */
export const jsonBody: RequestHandler[] = [
  refuseOtherTypes,
  limitBody(LIMIT_BYTES),
  express.json({ limit: LIMIT_BYTES }),
  refuseDepth,
];

function refuseOtherTypes(...[req, , next]: Parameters<RequestHandler>): void {
  if (hasBody(req)) {
    const type = req.get('content-type') ?? '';
    // Named twice, each reader may believe another one.
    const hasOtherCharset = /charset.*charset/i.test(type) || (/charset/i.test(type) && !UTF_8.test(type));
    if (req.is('application/json') === false || hasOtherCharset) {
      throw new AppError('unsupported_media_type', { details: { accepted: ['application/json'] } });
    }
  }
  next();
}

function refuseDepth(...[req, , next]: Parameters<RequestHandler>): void {
  if (isDeeperThan(req.body, MAX_DEPTH)) {
    const message = `Nested deeper than ${MAX_DEPTH} levels.`;
    throw new AppError('validation_failed', { details: [{ path: '', code: 'too_deep', message }] });
  }
  next();
}

/** Level by level, so that the check itself cannot overflow. */
function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= limit; depth += 1) {
    level = level.flatMap((entry) =>
      typeof entry === 'object' && entry !== null ? Object.values(entry as Record<string, unknown>) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}
