import type { Request } from 'express';
import { AppError } from '../errors/index.ts';
import type { Actor } from '../shared/actor.ts';

export { ROLES, type Actor, type Role } from '../shared/actor.ts';

/** Turns an access token into an actor. Throws AppError 401, or 503 when the account cannot be looked up. */
export type TokenVerifier = (token: string) => Promise<Actor>;

let verifier: TokenVerifier | null = null;

/** Bootstrap hands the verifier of `auth` down to HTTP and sockets. */
export function setTokenVerifier(verify: TokenVerifier): void {
  verifier = verify;
}

export function verifyToken(token: string): Promise<Actor> {
  if (verifier === null) throw new Error('bootstrap sets the token verifier first');
  return verifier(token);
}

/** What middlewares leave for controllers; `req` itself is never written on. */
export interface RequestLocals {
  actor?: Actor;
  idempotency?: { key: string; operation: string };
  routeBase?: string;
  /** The template of a route that was answered for without being reached. */
  route?: string;
  errorCode?: string;
  /** The limits that the request has been counted by. */
  limits?: string[];
}

export function localsOf(req: Request): RequestLocals {
  return (req.res?.locals ?? {}) as RequestLocals;
}

/** @throws AppError `unauthenticated` on a route without `authenticate` */
export function actorOf(req: Request): Actor {
  const { actor } = localsOf(req);
  if (actor === undefined) throw new AppError('unauthenticated');
  return actor;
}
