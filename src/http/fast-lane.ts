import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import { config } from '../config/index.ts';
import { isShuttingDown } from '../infra/lifecycle/index.ts';
import { heldPage, type Variant } from '../infra/pages/index.ts';
import { addressOf } from './client.ts';
import { takeLocally } from './middleware/leased-store.ts';
import { constantHeaders } from './middleware/constant-headers.ts';
import { policyOf, type RateLimitPolicyName } from './middleware/rate-limit-policies.ts';
import { addressKey, standHeaders } from './middleware/rate-limit.ts';
import { requestIdOf } from './middleware/request-context.ts';
import { observeRequest } from './middleware/request-log.ts';
import { bodyHeaders, encodingFor, isKnown, pageHeaders } from './page-headers.ts';
import { nowMs } from '../shared/clock.ts';

/** How a URL was answered by the full chain a moment ago. */
interface Lane {
  /** Of the page that its parameters mean. */
  id: string;
  name: string;
  route: string;
  limits: readonly string[];
}

const MAX_LANES = 20_000;
const MAX_URL = 500;

/** By the URL as it was sent: the lane understands none, it recognises those that the chain has understood. */
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
    if (!isAnswered(req, res)) app(req, res);
  };
}

function isAnswered(req: IncomingMessage, res: ServerResponse): boolean {
  const lane = lanes.get(req.url ?? '');
  if (lane === undefined || !isPlain(req)) return false;
  const page = heldPage(lane.id);
  if (page === null) return false;
  const encoding = encodingFor(req.headers, page.plain.body.length);
  const variant = encoding === 'identity' ? page.plain : page.packed.get(encoding);
  if (variant === undefined) return false;
  const stand = standOf(req, lane);
  if (stand === null) return false;
  send(req, res, { lane, variant, stand });
  return true;
}

/** Reads, sends nothing, and need not be told to hang up. */
function isPlain({ method, headers }: IncomingMessage): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || isShuttingDown()) return false;
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
}

/** The headers of its limits; null where the shared count must be asked first. */
function standOf(req: IncomingMessage, { limits }: Lane): [string, string][] | null {
  if (!config.http.rateLimits) return [];
  const [name] = limits as RateLimitPolicyName[];
  // A page without a limit, or with several, is not for here.
  if (name === undefined || limits.length > 1) return null;
  const stand = takeLocally(name, addressKey(addressOf(req, config.http.trustProxyHops)));
  if (stand === null) return null;
  const resetSeconds = Math.max(1, Math.ceil((stand.resetAtMs - nowMs()) / 1000));
  return standHeaders(name, { limit: stand.limit, remaining: stand.remaining, resetSeconds });
}

interface Ready {
  lane: Lane;
  variant: Variant;
  stand: [string, string][];
}

function send(req: IncomingMessage, res: ServerResponse, { lane, variant, stand }: Ready): void {
  const startedAt = performance.now();
  const requestId = requestIdOf(req);
  const status = isKnown(req.headers, variant) ? 304 : 200;
  const headers = [
    ['X-Request-Id', requestId],
    ...constantHeaders(req.headers.origin),
    ...(config.http.compression ? [['Vary', 'Accept-Encoding']] : []),
    ...stand,
    ...pageHeaders(variant),
    ...(status === 200 ? bodyHeaders(variant) : []),
  ];
  res.writeHead(status, headers.flat());
  res.end(status === 304 || req.method === 'HEAD' ? undefined : variant.body);
  observeRequest({
    requestId,
    method: req.method ?? 'GET',
    route: lane.route,
    status,
    seconds: (performance.now() - startedAt) / 1000,
  });
}
