import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { isShuttingDown } from '../../infra/lifecycle/index.ts';
import { runWithStore } from '../../infra/observability/index.ts';
import { newRequestId } from '../../shared/ids.ts';

const WELL_FORMED = /^[A-Za-z0-9._-]{8,128}$/;

/** Gives every request an id (the caller's, if well-formed), sends it back, and opens the store that logs and jobs read. */
export const requestContext: RequestHandler = (req, res, next) => {
  const requestId = requestIdOf(req);
  res.setHeader('X-Request-Id', requestId);
  // A keep-alive connection would hold a shutdown open.
  if (isShuttingDown()) res.setHeader('Connection', 'close');
  runWithStore({ requestId, ...(req.ip === undefined ? {} : { address: req.ip }) }, next);
};

export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : newRequestId();
}
