import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit as createLimiter, type Store } from 'express-rate-limit';
import { RedisStore, type RedisReply } from 'rate-limit-redis';
import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { counter, logger } from '../../infra/observability/index.ts';
import { redisClients, redisKey } from '../../infra/redis/index.ts';
import { localsOf } from '../actor.ts';
import { policyOf, type RateLimitPolicyName, type TargetPolicyName } from './rate-limit-policies.ts';
import { mark, type MarkedHandler } from './route-info.ts';

const limited = counter('quickbite_rate_limited_total', 'Requests refused by a limit', ['policy']);

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
    shared ??= limiter(name, redisStore(name), keyOf);
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
  return createLimiter({
    windowMs: policy.windowSeconds * 1000,
    limit: store === null ? Math.ceil(policy.limit / 5) : policy.limit,
    standardHeaders: 'draft-6',
    legacyHeaders: false,
    // The package writes to the console otherwise.
    logger,
    // Made at the first request on purpose: the store talks to Redis when it is made.
    validate: { creationStack: false },
    ...(store === null ? {} : { store }),
    skipSuccessfulRequests: policy.onlyFailures === true,
    keyGenerator: (req) => keyOf(req) ?? '',
    handler: (_req, res, next) => {
      limited.inc({ policy: name });
      const retryAfterSeconds = Number(res.getHeader('Retry-After') ?? policy.windowSeconds);
      next(new AppError('rate_limited', { retryAfterSeconds }));
    },
  });
}

function redisStore(name: RateLimitPolicyName): Store {
  return new RedisStore({
    prefix: redisKey('limit', name, ''),
    sendCommand: (command: string, ...args: string[]) =>
      redisClients().cache.call(command, ...args) as Promise<RedisReply>,
  });
}

function accountOf(req: Request): string {
  return localsOf(req).actor?.userId ?? addressOf(req);
}

function addressOf(req: Request): string {
  return ipKeyGenerator(req.ip ?? '');
}
