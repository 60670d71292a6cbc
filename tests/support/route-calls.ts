import { routeTable, type RouteEntry } from '../../scripts/architecture/route-table.ts';
import { toOpenApiPath } from '../../scripts/architecture/walk-routes.ts';
import type { RouteContract } from '../../src/http/index.ts';
import { moduleRouters, rawBodyModules } from '../../src/routes.ts';
import { newId } from '../../src/shared/ids.ts';
import type { TestApp } from './app.ts';
import type { Login } from './log-in.ts';

/** A route of the table with its contract. Tests that attack every route take them from here: a new one is covered at once. */
export interface KnownRoute extends RouteEntry {
  /** `post /orders` */
  key: string;
  method: Method;
  contract: RouteContract;
}

export type Method = RouteContract['method'];

const modules = [...rawBodyModules, ...moduleRouters];
const contracts = new Map(
  modules.flatMap((module) => module.contracts.map((contract) => [`${contract.method} ${contract.path}`, contract])),
);

export const allRoutes: readonly KnownRoute[] = routeTable(modules).flatMap((entry) => {
  const contract = contracts.get(`${entry.method} ${toOpenApiPath(entry.path)}`);
  const key = `${entry.method} ${entry.path}`;
  return contract === undefined ? [] : [{ ...entry, key, method: contract.method, contract }];
});

/** For `it.each`. */
export function named(routes: readonly KnownRoute[]): [string, KnownRoute][] {
  return routes.map((route) => [route.key, route]);
}

/** The first example of the body, or undefined for a route without one. */
export function exampleBody({ contract }: KnownRoute): Record<string, unknown> | undefined {
  return contract.request.body?.meta()?.examples?.[0] as Record<string, unknown> | undefined;
}

/** With an id of nothing, or the first word where only certain words are taken. */
export function plausiblePath({ path, contract }: KnownRoute): string {
  const { shape = {} } = (contract.request.params ?? {}) as { shape?: Record<string, { options?: readonly string[] }> };
  return `/api/v1${path.replaceAll(/:(\w+)/g, (_, name: string) => shape[name]?.options?.[0] ?? NO_ID)}`;
}

/** With the same value for every parameter. */
export function pathWith({ path }: KnownRoute, value: string): string {
  return `/api/v1${path.replaceAll(/:\w+/g, value)}`;
}

export const NO_ID = '0'.repeat(24);

/** The tag of what nobody has edited yet. */
export const FIRST_VERSION = '"0"';

/** Sends to the route, with a key where it may need one. */
export function call(
  app: TestApp,
  route: KnownRoute,
  { login, path = plausiblePath(route), method }: CallOptions = {},
) {
  const wanted = { 'Idempotency-Key': newId(), 'If-Match': FIRST_VERSION };
  return app.request[method ?? route.method](path).set({ ...wanted, ...login?.headers });
}

interface CallOptions {
  login?: Login | undefined;
  path?: string;
  method?: Method | 'head' | 'options';
}
