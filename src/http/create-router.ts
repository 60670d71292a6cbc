import { Router } from 'express';
import type { RequestLocals } from './actor.ts';

/** A router that remembers where it is mounted, for the route label of errored requests. */
export function createRouter(): Router {
  const router = Router({ caseSensitive: true });
  router.use((req, res, next) => {
    (res.locals as RequestLocals).routeBase = req.baseUrl;
    next();
  });
  return router;
}
