import type { Request, RequestHandler, Response } from 'express';
import {
  counter,
  currentStore,
  DURATION_BUCKETS,
  gauge,
  histogram,
  logger,
  runWithStore,
} from '../../infra/observability/index.ts';
import type { RequestLocals } from '../actor.ts';

const duration = histogram(
  {
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP requests',
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
  },
  DURATION_BUCKETS,
);
const inHand = { count: 0 };
gauge({ name: 'http_server_active_requests', help: 'HTTP requests in hand' }, (self) => {
  self.set(inHand.count);
});
const refusals = counter('quickbite_http_errors_total', 'Error answers by code', ['code']);
const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** One log line and one observation per request, labelled by the route's template, never by the raw URL. */
export const requestLog: RequestHandler = (req, res, next) => {
  const startedAt = performance.now();
  const store = currentStore();
  inHand.count += 1;
  res.once('close', () => {
    inHand.count -= 1;
    const seconds = (performance.now() - startedAt) / 1000;
    // The socket's close event runs outside the request's async context, and its line needs request id and actor.
    if (store === undefined) observe(req, res, seconds);
    else
      runWithStore(store, () => {
        observe(req, res, seconds);
      });
  });
  next();
};

function observe(req: Request, res: Response, seconds: number): void {
  const locals = res.locals as RequestLocals;
  const route = routeTemplate(req, locals);
  // `close` before `finish` means that the client went away.
  const status = res.writableFinished ? res.statusCode : 499;
  const method = KNOWN_METHODS.has(req.method) ? req.method : 'OTHER';
  duration.observe({ http_request_method: method, http_route: route, http_response_status_code: status }, seconds);
  if (locals.errorCode !== undefined) refusals.inc({ code: locals.errorCode });
  logger.info({ method, route, status, durationSeconds: seconds, code: locals.errorCode }, 'request');
}

interface Observed {
  requestId: string;
  method: string;
  route: string;
  status: number;
  seconds: number;
}

/** The same observation and the same line, for an answer that was given before the application. */
export function observeRequest({ requestId, method, route, status, seconds }: Observed): void {
  duration.observe({ http_request_method: method, http_route: route, http_response_status_code: status }, seconds);
  logger.info({ requestId, method, route, status, durationSeconds: seconds }, 'request');
}

/** `req.baseUrl` is empty again when an errored request ends, so routers save it on the way in. */
export function routeTemplate(req: Request, locals: RequestLocals): string {
  if (locals.route !== undefined) return locals.route;
  const route = req.route as { path?: string } | undefined;
  if (route?.path === undefined) return 'unmatched';
  return (locals.routeBase ?? '') + route.path;
}
