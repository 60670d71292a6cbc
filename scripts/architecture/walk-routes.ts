import type { RequestHandler, Router } from 'express';
import type { MarkedHandler, RouteInfo } from '../../src/http/middleware/route-info.ts';

/** One route as the router knows it. */
export interface RouteRow {
  method: string;
  /** As Express has it: `/orders/:orderId`. */
  path: string;
  /** What the markers of its middlewares say, those of the routers around it first. */
  info: readonly RouteInfo[];
  /** Name of the last handler, the controller function; empty for an inline one. */
  handler: string;
}

/** Express 5 as far as the walk needs it: layers keep the path they were given as `rawPath`. */
interface Layer {
  rawPath: string | RegExp | readonly (string | RegExp)[];
  handle: RequestHandler & Partial<MarkedHandler> & { stack?: readonly Layer[] };
  route?: { stack: readonly { method: string; handle: RequestHandler & Partial<MarkedHandler> }[] };
}

interface Position {
  base: string;
  inherited: readonly RouteInfo[];
}

/** Every route of a router and of the routers in it, in the order in which they match. */
export function walkRoutes(router: Router, base = ''): RouteRow[] {
  return walkStack(router.stack as unknown as readonly Layer[], { base, inherited: [] });
}

/** `/orders/:orderId` as the API document writes it. */
export function toOpenApiPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

function walkStack(stack: readonly Layer[], { base, inherited }: Position): RouteRow[] {
  // A middleware of the whole router counts for the routes after it.
  let seen = inherited;
  return stack.flatMap((layer) => {
    if (layer.route !== undefined) return pathsOf(layer).flatMap((path) => routeRows(layer, base + path, seen));
    const nested = layer.handle.stack;
    if (nested !== undefined) {
      return pathsOf(layer).flatMap((path) =>
        walkStack(nested, { base: base + (path === '/' ? '' : path), inherited: seen }),
      );
    }
    if (layer.rawPath === '/') seen = [...seen, ...infoOf(layer.handle)];
    return [];
  });
}

function routeRows(layer: Layer, path: string, inherited: readonly RouteInfo[]): RouteRow[] {
  const byMethod = Map.groupBy(layer.route?.stack ?? [], (entry) => entry.method);
  return [...byMethod].map(([method, entries]) => ({
    method,
    path,
    info: [...inherited, ...entries.flatMap((entry) => infoOf(entry.handle))],
    handler: entries.at(-1)?.handle.name ?? '',
  }));
}

function pathsOf(layer: Layer): string[] {
  return [layer.rawPath].flat().map((path) => {
    if (typeof path !== 'string') throw new TypeError(`a route is a plain path, not ${String(path)}`);
    return path;
  });
}

function infoOf(handler: Partial<MarkedHandler>): readonly RouteInfo[] {
  return handler.routeInfo === undefined ? [] : [handler.routeInfo];
}
