import type { RequestHandler } from 'express';
import { runDetached } from '../../infra/lifecycle/index.ts';
import { localsOf } from '../actor.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** After each request of a signed-in person that may have changed something: what is kept of theirs is old. */
export function afterOwnWrites(forget: (userId: string) => Promise<void>): RequestHandler {
  return (req, res, next) => {
    if (!READS.has(req.method)) {
      res.once('finish', () => {
        const { actor } = localsOf(req);
        if (actor !== undefined && res.statusCode < 400) runDetached('own writes', () => forget(actor.userId));
      });
    }
    next();
  };
}
