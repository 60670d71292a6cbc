import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { AppError } from '../../errors/index.ts';
import type { IdempotentRequest } from '../../infra/mongo/index.ts';
import { actorOf, localsOf } from '../actor.ts';
import { mark, type MarkedHandler } from './route-info.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The route needs an Idempotency-Key; without one, or with an unusable one, it answers 400. `isDryRunFree`: not for `?dryRun=true`,
 * which writes nothing.
 */
export function requireIdempotencyKey(operation: string, { isDryRunFree = false } = {}): MarkedHandler {
  return mark(
    (req, _res, next) => {
      if (isDryRunFree && req.query['dryRun'] === 'true') {
        next();
        return;
      }
      const key = req.get('idempotency-key');
      if (key === undefined || !KEY.test(key)) throw new AppError('idempotency_key_missing');
      localsOf(req).idempotency = { key, operation };
      next();
    },
    { kind: 'idempotency', operation },
  );
}

/** Key, operation, user and a hash over parameters and body, for `runIdempotent`. */
export function idempotencyOf(req: Request): IdempotentRequest {
  const { idempotency } = localsOf(req);
  if (idempotency === undefined) throw new AppError('idempotency_key_missing');
  const content = JSON.stringify(canonical({ params: req.params, body: (req.body as unknown) ?? null }));
  const bodyHash = createHash('sha256').update(content).digest('hex');
  return { ...idempotency, userId: actorOf(req).userId, bodyHash };
}

/** Object keys sorted, so that a client that reorders its JSON sends the same body. Depth is bounded by the body parser. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, entry]) => [key, canonical(entry)]);
}
