import type { Router } from 'express';
import type { Permission } from '../../src/shared/permissions.ts';
import type { RouteInfo } from '../../src/http/middleware/route-info.ts';
import { walkRoutes, type RouteRow } from './walk-routes.ts';

/** A route with the meaning of its markers and the module that owns it. */
export interface RouteEntry extends RouteRow {
  owner: string;
  /** null: no marker, or a token without a permission; a test refuses both. */
  auth: 'public' | Permission | null;
  rateLimit: string | null;
  /** The operation an Idempotency-Key is scoped to. */
  idempotency: string | null;
}

export function routeTable(modules: readonly { name: string; router: Router }[]): RouteEntry[] {
  return modules.flatMap(({ name, router }) => walkRoutes(router).map((row) => toEntry(row, name)));
}

function toEntry(row: RouteRow, owner: string): RouteEntry {
  return {
    ...row,
    owner,
    auth: authOf(row),
    rateLimit: find(row, 'rateLimit')?.policy ?? null,
    idempotency: find(row, 'idempotency')?.operation ?? null,
  };
}

function authOf(row: RouteRow): RouteEntry['auth'] {
  if (find(row, 'public') !== undefined) return 'public';
  if (find(row, 'authenticate') === undefined) return null;
  return find(row, 'authorize')?.permission ?? null;
}

function find<K extends RouteInfo['kind']>(row: RouteRow, kind: K): Extract<RouteInfo, { kind: K }> | undefined {
  return row.info.find((info): info is Extract<RouteInfo, { kind: K }> => info.kind === kind);
}
