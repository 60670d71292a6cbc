import type { ClientRateLimitInfo, Store } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import { askRedis, redisKey } from '../../infra/redis/index.ts';
import { dateFrom, nowMs } from '../../shared/clock.ts';
import { policyOf, type RateLimitPolicyName } from './rate-limit-policies.ts';

/**
 * Places taken from the count that all instances share, several at a time: most requests then cost no command. Never more pass than
 * the limit says; who spreads over several instances may be refused when a few of the last twentieth lie unused in another one.
 */
interface Lease {
  /** Taken, and not used yet. */
  left: number;
  /** Taken by all instances when this was. */
  taken: number;
  resetAtMs: number;
}

export interface Stand {
  limit: number;
  remaining: number;
  resetAtMs: number;
}

/** Of what is left a twentieth; at the end one by one. Nothing is taken of a count that is used up. */
const TAKE = `
local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
local life = redis.call('PTTL', KEYS[1])
if life < 0 then taken = 0; life = tonumber(ARGV[2]) end
local left = tonumber(ARGV[1]) - taken
if left < 1 then return {0, taken, life} end
local share = math.max(1, math.floor(left / 20))
redis.call('SET', KEYS[1], taken + share, 'PX', life)
return {share, taken + share, life}`;

const MAX_LEASES = 50_000;
const leases = new LRUCache<string, Lease>({ max: MAX_LEASES });

/** One place out of this process's own, or null: then the shared count must be asked. */
export function takeLocally(name: RateLimitPolicyName, key: string): Stand | null {
  const lease = leases.get(leaseKey(name, key));
  if (lease === undefined || lease.left < 1 || lease.resetAtMs <= nowMs()) return null;
  lease.left -= 1;
  return toStand(name, lease);
}

async function takeShared(name: RateLimitPolicyName, key: string): Promise<Stand> {
  const { limit, windowSeconds } = policyOf(name);
  const args = [TAKE, '1', leaseKey(name, key), String(limit), String(windowSeconds * 1000)];
  const answer = await askRedis((cache) => cache.call('EVAL', ...args));
  const [share = 0, taken = 0, lifeMs = 0] = answer as number[];
  // Others of this process may have asked at the same time; what both got counts.
  const known = leases.get(leaseKey(name, key));
  const unused = known !== undefined && known.resetAtMs > nowMs() ? known.left : 0;
  const lease: Lease = { left: unused + share, taken, resetAtMs: nowMs() + lifeMs };
  if (lease.left < 1) return { limit, remaining: -1, resetAtMs: lease.resetAtMs };
  lease.left -= 1;
  leases.set(leaseKey(name, key), lease);
  return toStand(name, lease);
}

/** For `express-rate-limit`. @throws on `increment` while Redis is away */
export function leasedStore(name: RateLimitPolicyName): Store {
  return {
    prefix: `leased ${name}`,
    async increment(key): Promise<ClientRateLimitInfo> {
      const { limit, remaining, resetAtMs } = takeLocally(name, key) ?? (await takeShared(name, key));
      return { totalHits: limit - remaining, resetTime: dateFrom(resetAtMs) };
    },
    decrement: () => Promise.resolve(),
    resetKey: (key) => {
      leases.delete(leaseKey(name, key));
      return Promise.resolve();
    },
    resetAll: () => {
      leases.clear();
      return Promise.resolve();
    },
  };
}

/** What is left of the shared count, with what lies here unused. */
function toStand(name: RateLimitPolicyName, { left, taken, resetAtMs }: Lease): Stand {
  const { limit } = policyOf(name);
  return { limit, remaining: Math.max(0, limit - taken) + left, resetAtMs };
}

function leaseKey(name: RateLimitPolicyName, key: string): string {
  return redisKey('limit', name, key);
}
