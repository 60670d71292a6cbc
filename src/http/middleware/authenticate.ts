import type { Request } from 'express';
import { AppError, isAppError } from '../../errors/index.ts';
import { currentStore } from '../../infra/observability/index.ts';
import { permissions, type Permission } from '../../shared/permissions.ts';
import { localsOf, verifyToken, type Actor, type Role } from '../actor.ts';
import { rateLimit } from './rate-limit.ts';
import { mark, type MarkedHandler } from './route-info.ts';

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/;

const limitBadTokens = rateLimit('badToken');

/** Reads the bearer token and puts the actor where `actorOf` finds it. */
export const authenticate = mark(
  async (req, res, next) => {
    const actor = await actorBehind(req).catch((error: unknown) => {
      if (!isGuess(error)) throw error;
      limitBadTokens(req, res, (refusal?: unknown) => {
        next(refusal ?? error);
      });
      return null;
    });
    if (actor === null) return;
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

/** Lets the roles of the permission pass; ownership of a single resource is the service's filter. */
export function authorize(permission: Permission): MarkedHandler {
  const roles: readonly Role[] = permissions[permission].roles;
  return mark(
    (req, _res, next) => {
      const { actor } = localsOf(req);
      if (actor === undefined) throw new AppError('unauthenticated');
      if (!actor.roles.some((role) => roles.includes(role))) throw new AppError('forbidden');
      next();
    },
    { kind: 'authorize', permission },
  );
}

/** An expired token was ours once; many phones behind one address may hold one, and must hear that they can refresh. */
function isGuess(error: unknown): boolean {
  return isAppError(error, 'token_invalid') || isAppError(error, 'unauthenticated');
}

async function actorBehind(req: Request): Promise<Actor> {
  return verifyToken(bearerTokenOf(req));
}

function bearerTokenOf(req: Request): string {
  const header = req.get('authorization');
  if (header === undefined) throw new AppError('unauthenticated');
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) throw new AppError('token_invalid');
  return token;
}
