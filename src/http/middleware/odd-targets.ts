import type { RequestHandler } from 'express';
import { AppError } from '../../errors/index.ts';

/** We are no proxy: TRACE, and a target that names a host, are for one. */
export const refuseOddTargets: RequestHandler = (req, res, next) => {
  if (req.method !== 'TRACE' && req.url.startsWith('/')) {
    next();
    return;
  }
  res.setHeader('Connection', 'close');
  throw new AppError('bad_request');
};
