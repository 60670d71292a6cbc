import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { config } from '../../config/index.ts';
import { isShuttingDown } from '../../infra/lifecycle/index.ts';
import { currentStore, runWithStore } from '../../infra/observability/index.ts';
import { newRequestId } from '../../shared/ids.ts';
import { addressOf } from '../client.ts';

const WELL_FORMED = /^[A-Za-z0-9._-]{8,128}$/;

/** Gives every request an id (the caller's, if well-formed), and opens the store that logs and jobs read. */
export const requestContext: RequestHandler = (req, _res, next) => {
  const address = addressOf(req, config.http.trustProxyHops);
  const startedAtMs = performance.now();
  runWithStore({ requestId: requestIdOf(req), startedAtMs, ...(address === '' ? {} : { address }) }, next);
};

/** Not before it is known that the answer does not lie ready: that comes with all its headers at once. */
export const requestIdHeader: RequestHandler = (_req, res, next) => {
  res.setHeader('X-Request-Id', currentStore()?.requestId ?? '');
  // A keep-alive connection would hold a shutdown open.
  if (isShuttingDown()) res.setHeader('Connection', 'close');
  next();
};

export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : newRequestId();
}
