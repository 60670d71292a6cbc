import type { ErrorRequestHandler, RequestHandler } from 'express';
import { AppError, fromUnknown, toErrorBody } from '../../errors/index.ts';
import { reportError } from '../../infra/observability/index.ts';
import type { RequestLocals } from '../actor.ts';

export const notFound: RequestHandler = () => {
  throw new AppError('route_not_found');
};

/** The only place that answers a failure over HTTP. Express tells it from a middleware by its four parameters. */
export const errorHandler: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const translated = fromUnknown(error);
  const route = req.route as { path?: string } | undefined;
  const locals = res.locals as RequestLocals;
  reportError(translated, { where: `${req.method} ${(locals.routeBase ?? '') + (route?.path ?? 'unmatched')}` });
  if (res.headersSent) {
    next(error);
    return;
  }
  locals.errorCode = translated.code;
  if (translated.retryAfterSeconds !== undefined) res.setHeader('Retry-After', translated.retryAfterSeconds);
  if (translated.status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  const requestId = String(res.getHeader('X-Request-Id') ?? '');
  res.setHeader('Cache-Control', 'no-store');
  res.status(translated.status).json(toErrorBody(translated, requestId));
};
