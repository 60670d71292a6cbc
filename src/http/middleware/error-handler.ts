import type { ErrorRequestHandler, RequestHandler } from 'express';
import { AppError, fromUnknown, toErrorBody } from '../../errors/index.ts';
import { reportError } from '../../infra/observability/index.ts';
import type { RequestLocals } from '../actor.ts';
import { noteRefusal } from '../note-refusal.ts';
import { hasBody } from '../has-body.ts';
import { routeTemplate } from './request-log.ts';

export const notFound: RequestHandler = () => {
  throw new AppError('route_not_found');
};

/** The only place that answers a failure over HTTP. Express tells it from a middleware by its four parameters. */
export const errorHandler: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const translated = fromUnknown(error);
  const locals = res.locals as RequestLocals;
  // A parser reports the refusal of `limitBody` once more, when the connection is gone.
  if (locals.errorCode === 'payload_too_large') return;
  const where = `${req.method} ${routeTemplate(req, locals)}`;
  reportError(translated, { where });
  noteRefusal(translated, where);
  if (res.headersSent) {
    next(error);
    return;
  }
  locals.errorCode = translated.code;
  if (translated.retryAfterSeconds !== undefined) res.setHeader('Retry-After', translated.retryAfterSeconds);
  if (translated.status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  // Nobody reads what is still to come of a refused body; Node closes once the answer is out.
  if (hasBody(req) && !req.complete) res.setHeader('Connection', 'close');
  const requestId = String(res.getHeader('X-Request-Id') ?? '');
  res.setHeader('Cache-Control', 'no-store');
  res.status(translated.status).json(toErrorBody(translated, requestId));
};
