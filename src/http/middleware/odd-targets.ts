import type { RequestHandler } from 'express';
import { AppError } from '../../errors/index.ts';
import { hasTwoHosts } from '../has-two-hosts.ts';

/** Those of the routes, with what HTTP and CORS ask about them. */
const METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * We are no proxy: TRACE, and a target that names a host, are for one. Nor do we speak WebDAV and the like: a method of no route is
 * refused before any of them is asked.
 */
export const refuseOddTargets: RequestHandler = (req, res, next) => {
  if (METHODS.has(req.method) && req.url.startsWith('/') && !hasTwoHosts(req)) {
    next();
    return;
  }
  res.setHeader('Connection', 'close');
  throw new AppError('bad_request');
};
