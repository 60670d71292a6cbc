import type { RequestHandler } from 'express';
import type { Role } from '../actor.ts';

/** What a middleware means for its route; read by the route table, the API document's test and `npm run routes`. */
export type RouteInfo =
  | { kind: 'authenticate' }
  | { kind: 'public' }
  | { kind: 'authorize'; roles: readonly Role[] }
  | { kind: 'rateLimit'; policy: string }
  | { kind: 'idempotency'; operation: string };

export type MarkedHandler = RequestHandler & { routeInfo: RouteInfo };

export function mark(handler: RequestHandler, routeInfo: RouteInfo): MarkedHandler {
  return Object.assign(handler, { routeInfo });
}
