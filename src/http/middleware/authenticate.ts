import type { Request } from 'express';
import { AppError } from '../../errors/index.ts';
import { currentStore } from '../../infra/observability/index.ts';
import { localsOf, verifyToken, type Role } from '../actor.ts';
import { mark, type MarkedHandler } from './route-info.ts';

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/;

/** Reads the bearer token and puts the actor where `actorOf` finds it. */
export const authenticate = mark(
  async (req, _res, next) => {
    const actor = await verifyToken(bearerTokenOf(req));
    localsOf(req).actor = actor;
    const store = currentStore();
    if (store !== undefined) {
      store.userId = actor.userId;
      store.role = actor.roles.join(',');
    }
    next();
  },
  { kind: 'authenticate' },
);

/** The route is open to anybody, on purpose; a route without this and without `authenticate` fails a test. */
export const publicRoute = mark(
  (_req, _res, next) => {
    next();
  },
  { kind: 'public' },
);

/** Lets the given roles pass; ownership of a single resource is the service's filter. */
export function authorize(...roles: readonly Role[]): MarkedHandler {
  return mark(
    (req, _res, next) => {
      const { actor } = localsOf(req);
      if (actor === undefined) throw new AppError('unauthenticated');
      if (!actor.roles.some((role) => roles.includes(role))) throw new AppError('forbidden');
      next();
    },
    { kind: 'authorize', roles },
  );
}

function bearerTokenOf(req: Request): string {
  const header = req.get('authorization');
  if (header === undefined) throw new AppError('unauthenticated');
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) throw new AppError('token_invalid');
  return token;
}
