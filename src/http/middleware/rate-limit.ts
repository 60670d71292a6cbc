import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit as createLimiter, type AugmentedRequest, type Store } from 'express-rate-limit';
import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { counter, logger } from '../../infra/observability/index.ts';
import { nowMs } from '../../shared/clock.ts';
import { localsOf } from '../actor.ts';
import { leasedStore } from './leased-store.ts';
import { localLimit, policyOf, type RateLimitPolicyName, type TargetPolicyName } from './rate-limit-policies.ts';
import { redisLimitStore } from './redis-limit-store.ts';
import { mark, type MarkedHandler } from './route-info.ts';

const limited = counter('quickbite_rate_limited_total', 'Requests refused by a limit', ['policy']);

/** What one subscriber is given, so that the addresses inside are one and the same (RFC 6177 and the mobile networks). */
const IPV6_PREFIX = 64;

/** What a `target` policy counts by; null counts nothing: the schema is about to refuse the request. */
export type KeyOf = (req: Request) => string | null;

/** A limit by what the request aims at, such as the account of a log-in. The key must have one form per target. */
export function rateLimitBy(name: TargetPolicyName, keyOf: KeyOf): MarkedHandler {
  return createLimit(name, keyOf);
}

/** Counts in Redis across instances; what happens without Redis stands in the policy. Keys are trusted values only. */
export function rateLimit(name: Exclude<RateLimitPolicyName, TargetPolicyName>): MarkedHandler {
  return createLimit(name, policyOf(name).key === 'account' ? accountOf : addressOf);
}

function createLimit(name: RateLimitPolicyName, keyOf: KeyOf): MarkedHandler {
  let shared: RequestHandler | null = null;
  let local: RequestHandler | null = null;
  const handler: RequestHandler = (req, res, next) => {
    if (!config.http.rateLimits || keyOf(req) === null) {
      next();
      return;
    }
    (localsOf(req).limits ??= []).push(name);
    shared ??= limiter(name, policyOf(name).isLeased === true ? leasedStore(name) : redisLimitStore(name), keyOf);
    void shared(req, res, (error?: unknown) => {
      if (error === undefined || error instanceof AppError) {
        next(error);
      } else if (policyOf(name).withoutRedis === 'open') {
        next();
      } else {
        local ??= limiter(name, null, keyOf);
        void local(req, res, next);
      }
    });
  };
  return mark(handler, { kind: 'rateLimit', policy: name });
}

function limiter(name: RateLimitPolicyName, store: Store | null, keyOf: KeyOf): RequestHandler {
  const policy = policyOf(name);
  const limit = createLimiter({
    windowMs: policy.windowSeconds * 1000,
    limit: store === null ? localLimit(policy) : policy.limit,
    // Ours: of several limits on a route the package would show the last one.
    standardHeaders: false,
    legacyHeaders: false,
    // The package writes to the console otherwise.
    logger,
    // Made at the first request on purpose: the store talks to Redis when it is made.
    validate: { creationStack: false },
    ...(store === null ? {} : { store }),
    skipSuccessfulRequests: policy.onlyFailures === true,
    requestWasSuccessful: wasNoGuess,
    keyGenerator: (req) => keyOf(req) ?? '',
    handler: (req, res, next) => {
      limited.inc({ policy: name });
      const stand = standOf(req);
      writeStand(res, standHeaders(name, stand));
      next(new AppError('rate_limited', { retryAfterSeconds: stand.resetSeconds, info: { policy: name } }));
    },
  });
  return (req, res, next) => {
    void limit(req, res, (error?: unknown) => {
      if (error === undefined) tellStand(req, res, name);
      next(error);
    });
  };
}

/** The right password of somebody with a second factor is answered 401 too; and a fault of ours is no guess of theirs. */
function wasNoGuess(req: Request, { statusCode }: Response): boolean {
  return statusCode < 400 || statusCode >= 500 || localsOf(req).errorCode === 'mfa_required';
}

interface Stand {
  limit: number;
  remaining: number;
  resetSeconds: number;
}

function standOf(req: Request): Stand {
  const { limit, remaining, resetTime } = (req as AugmentedRequest)['rateLimit'] ?? { limit: 0, remaining: 0 };
  const resetMs = (resetTime?.getTime() ?? 0) - nowMs();
  return { limit, remaining, resetSeconds: Math.max(1, Math.ceil(resetMs / 1000)) };
}

/**
 * Of several limits on a route the one that has least left. Never that of a target: how often others tried an account is nobody's
 * business.
 */
function tellStand(req: Request, res: Response, name: RateLimitPolicyName): void {
  if (policyOf(name).key === 'target') return;
  const stand = standOf(req);
  const told = res.getHeader('RateLimit-Remaining');
  if (told === undefined || Number(told) > stand.remaining) writeStand(res, standHeaders(name, stand));
}

/** draft-ietf-httpapi-ratelimit-headers-06. */
export function standHeaders(
  name: RateLimitPolicyName,
  { limit, remaining, resetSeconds }: Stand,
): [header: string, value: string][] {
  return [
    ['RateLimit-Policy', `${limit};w=${policyOf(name).windowSeconds}`],
    ['RateLimit-Limit', String(limit)],
    ['RateLimit-Remaining', String(remaining)],
    ['RateLimit-Reset', String(resetSeconds)],
  ];
}

function writeStand(res: Response, headers: readonly [string, string][]): void {
  for (const [header, value] of headers) res.setHeader(header, value);
}

function accountOf(req: Request): string {
  return localsOf(req).actor?.userId ?? addressOf(req);
}

function addressOf(req: Request): string {
  return addressKey(req.ip ?? '');
}

export function addressKey(address: string): string {
  return ipKeyGenerator(address, IPV6_PREFIX);
}
