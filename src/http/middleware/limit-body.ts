import type { Request, RequestHandler } from 'express';
import { AppError } from '../../errors/index.ts';
import { hasBody } from '../has-body.ts';
import { errorHandler } from './error-handler.ts';

/** Stands before the parsers: they know the limit too, but read a request to its end before they refuse it, however long that is. */
export function limitBody(limit: number | ((req: Request) => number)): RequestHandler {
  return (req, res, next) => {
    if (!hasBody(req)) {
      next();
      return;
    }
    const maxBytes = typeof limit === 'number' ? limit : limit(req);
    if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw new AppError('payload_too_large');
    let bytes = 0;
    whenRead(req, (chunk) => {
      bytes += chunk.length;
      // Not by `next`: that is the parser's, which waits for an end that may never come.
      if (bytes > maxBytes && !res.headersSent) errorHandler(new AppError('payload_too_large'), req, res, next);
    });
    next();
  };
}

/** Hears what the parser reads. A `data` listener of our own would start the flow before the parser is there, so ours comes with the parser's. */
export function whenRead(req: Request, listener: (chunk: Buffer) => void): void {
  let hasJoined = false;
  const join = (event: string) => {
    // Joining is an event like this one, and another limit may join in the middle of it.
    if (event !== 'data' || hasJoined) return;
    hasJoined = true;
    req.on('data', listener);
  };
  req.on('newListener', join);
}
