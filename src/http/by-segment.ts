import { Router, type RequestHandler } from 'express';

/**
 * The routers that have a route under the first part of the path, in their order: of some forty only these are asked. What a router
 * does outside its own routes (`router.use`) it does for these paths alone.
 */
export function bySegment(routers: readonly Router[]): RequestHandler {
  const bySegmentName = new Map<string, Router>();
  for (const router of routers) {
    for (const segment of segmentsOf(router)) {
      const together = bySegmentName.get(segment) ?? Router({ caseSensitive: true });
      bySegmentName.set(segment, together.use(router));
    }
  }
  const ask: RequestHandler = (req, res, next) => {
    const router = bySegmentName.get(firstSegment(req.path));
    if (router === undefined) next();
    else router(req, res, next);
  };
  // As a router shows its routes: the inventory of what is served is read off the app.
  return Object.assign(ask, { stack: routers.flatMap(({ stack }) => stack) });
}

function segmentsOf(router: Router): Set<string> {
  const paths = router.stack.flatMap(({ route }) => (route === undefined ? [] : [route.path]));
  return new Set(paths.map((path) => firstSegment(path)));
}

function firstSegment(path: string): string {
  const end = path.indexOf('/', 1);
  return path.slice(1, end === -1 ? undefined : end);
}
