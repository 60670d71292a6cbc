import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { LRUCache } from 'lru-cache';
import { config } from '../config/index.ts';
import { isShuttingDown } from '../infra/lifecycle/index.ts';
import { currentStore } from '../infra/observability/index.ts';
import { heldPage, noteHit, type Variant } from '../infra/pages/index.ts';
import { nowMs } from '../shared/clock.ts';
import { type RequestLocals } from './actor.ts';
import { addressOf } from './client.ts';
import { takeLocally } from './middleware/leased-store.ts';
import { policyOf, type RateLimitPolicyName } from './middleware/rate-limit-policies.ts';
import { addressKey, standHeaders } from './middleware/rate-limit.ts';
import { requestIdOf } from './middleware/request-context.ts';
import { observeRequest } from './middleware/request-log.ts';
import { hasTwoHosts } from './has-two-hosts.ts';
import { encodingFor, headOf, isKnown } from './page-headers.ts';

/** How a URL was answered by its route a moment ago. */
interface Lane {
  /** Of the page that its parameters mean. */
  id: string;
  name: string;
  route: string;
  limits: readonly string[];
}

/** All that is left to do is to send it. */
interface Ready {
  lane: Lane;
  variant: Variant;
  stand: readonly string[];
}

const MAX_LANES = 20_000;
const MAX_URL = 500;
const NO_LIMIT: readonly string[] = [];

/** By the URL as it was sent: the lane understands none, it recognises those that a route has understood. */
const lanes = new LRUCache<string, Lane>({ max: MAX_LANES });

/** From now on the same URL may be answered before the router, as long as the page is held here and true. */
export function openLane(req: Request, lane: Lane): void {
  const isCounted = lane.limits.every((name) => policyOf(name as RateLimitPolicyName).isLeased === true);
  if (!config.http.pageCache || !isCounted || req.originalUrl.length > MAX_URL) return;
  lanes.set(req.originalUrl, lane);
}

/**
 * In front of the application: public pages that lie ready are answered without it, with the same headers, limits, metrics and log
 * line. Whatever is not plain sailing is the application's: no page, no place left in hand, a body, a shutdown.
 */
export function withFastLane(app: RequestListener): RequestListener {
  if (!config.http.fastLane) return app;
  return (req, res) => {
    const startedAt = performance.now();
    const ready = findReady(req);
    if (ready === null) {
      app(req, res);
      return;
    }
    const requestId = requestIdOf(req);
    const status = send(req, res, { ...ready, requestId });
    const seconds = (performance.now() - startedAt) / 1000;
    observeRequest({ requestId, method: req.method ?? 'GET', route: ready.lane.route, status, seconds });
  };
}

/** The same within the application, where the lane is switched off: before the routers, and before what they alone need. */
export const finishedPages: RequestHandler = (req, res, next) => {
  const ready = findReady(req);
  if (ready === null) {
    next();
    return;
  }
  (res.locals as RequestLocals).route = ready.lane.route;
  send(req, res, { ...ready, requestId: currentStore()?.requestId ?? '' });
};

function findReady(req: IncomingMessage): Ready | null {
  const lane = lanes.get(req.url ?? '');
  if (lane === undefined || !isPlain(req)) return null;
  const page = heldPage(lane.id);
  if (page === null) return null;
  const encoding = encodingFor(req.headers, page.plain.body.length);
  const variant = encoding === 'identity' ? page.plain : page.packed.get(encoding);
  if (variant === undefined) return null;
  const stand = standOf(req, lane);
  return stand === null ? null : { lane, variant, stand };
}

/** Reads, sends nothing, and need not be told to hang up. */
function isPlain(req: IncomingMessage): boolean {
  const { method, headers } = req;
  if ((method !== 'GET' && method !== 'HEAD') || isShuttingDown() || hasTwoHosts(req)) return false;
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
}

/** The headers of its limits; null where the shared count must be asked first. */
function standOf(req: IncomingMessage, { limits }: Lane): readonly string[] | null {
  if (!config.http.rateLimits) return NO_LIMIT;
  const [name] = limits as RateLimitPolicyName[];
  // A page without a limit, or with several, is not for here.
  if (name === undefined || limits.length > 1) return null;
  const stand = takeLocally(name, addressKey(addressOf(req, config.http.trustProxyHops)));
  if (stand === null) return null;
  const resetSeconds = Math.max(1, Math.ceil((stand.resetAtMs - nowMs()) / 1000));
  return standHeaders(name, { limit: stand.limit, remaining: stand.remaining, resetSeconds }).flat();
}

function send(
  req: IncomingMessage,
  res: ServerResponse,
  { lane, variant, stand, requestId }: Ready & { requestId: string },
): number {
  noteHit(lane.name);
  const isBodyKnown = isKnown(req.headers, variant);
  const { full, known } = headOf(variant, req.headers.origin);
  const head = isBodyKnown ? known : full;
  const status = isBodyKnown ? 304 : 200;
  res.writeHead(status, ['X-Request-Id', requestId, ...stand, ...head]);
  res.end(isBodyKnown || req.method === 'HEAD' ? undefined : variant.body);
  return status;
}
