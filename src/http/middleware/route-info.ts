import type { RequestHandler } from 'express';
import type { Permission } from '../../shared/permissions.ts';

/** What a middleware means for its route; read by the route table, the API document's test and `npm run routes`. */
export type RouteInfo =
  | { kind: 'authenticate' }
  | { kind: 'public' }
  | { kind: 'authorize'; permission: Permission }
  | { kind: 'rateLimit'; policy: string }
  | { kind: 'idempotency'; operation: string };

export type MarkedHandler = RequestHandler & { routeInfo: RouteInfo };

export function mark(handler: RequestHandler, routeInfo: RouteInfo): MarkedHandler {
  return Object.assign(handler, { routeInfo });
}
