import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit as createLimiter, type Store } from 'express-rate-limit';
import { RedisStore, type RedisReply } from 'rate-limit-redis';
import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { counter, logger } from '../../infra/observability/index.ts';
import { redisClients, redisKey } from '../../infra/redis/index.ts';
import { localsOf } from '../actor.ts';
import { rateLimitPolicies, type RateLimitPolicyName } from './rate-limit-policies.ts';
import { mark, type MarkedHandler } from './route-info.ts';

const limited = counter('quickbite_rate_limited_total', 'Requests refused by a limit', ['policy']);

/** Counts in Redis across instances; what happens without Redis stands in the policy. Keys are trusted values only. */
export function rateLimit(name: RateLimitPolicyName): MarkedHandler {
  let shared: RequestHandler | null = null;
  let local: RequestHandler | null = null;
  const handler: RequestHandler = (req, res, next) => {
    if (!config.http.rateLimits) {
      next();
      return;
    }
    shared ??= limiter(name, redisStore(name));
    void shared(req, res, (error?: unknown) => {
      if (error === undefined || error instanceof AppError) {
        next(error);
      } else if (rateLimitPolicies[name].withoutRedis === 'open') {
        next();
      } else {
        local ??= limiter(name, null);
        void local(req, res, next);
      }
    });
  };
  return mark(handler, { kind: 'rateLimit', policy: name });
}

function limiter(name: RateLimitPolicyName, store: Store | null): RequestHandler {
  const policy = rateLimitPolicies[name];
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
    keyGenerator: (req) => keyOf(req, policy.key),
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

function keyOf(req: Request, kind: 'address' | 'account'): string {
  const { actor } = localsOf(req);
  if (kind === 'account' && actor !== undefined) return actor.userId;
  return ipKeyGenerator(req.ip ?? '');
}
