interface RateLimitPolicy {
  /** Requests per window and key. */
  limit: number;
  windowSeconds: number;
  /** The account where the route is authenticated, else the address. */
  key: 'address' | 'account';
  /** Without Redis: `open` lets everything pass, `strict` counts in this process with a fifth of the limit. */
  withoutRedis: 'open' | 'strict';
}

/** All limits of the API in one table. */
export const rateLimitPolicies = {
  signup: { limit: 20, windowSeconds: 3600, key: 'address', withoutRedis: 'strict' },
  login: { limit: 30, windowSeconds: 300, key: 'address', withoutRedis: 'strict' },
  refresh: { limit: 120, windowSeconds: 300, key: 'address', withoutRedis: 'strict' },
  browse: { limit: 600, windowSeconds: 60, key: 'address', withoutRedis: 'open' },
  account: { limit: 300, windowSeconds: 60, key: 'account', withoutRedis: 'open' },
  ordering: { limit: 60, windowSeconds: 60, key: 'account', withoutRedis: 'open' },
  courierLocation: { limit: 180, windowSeconds: 60, key: 'account', withoutRedis: 'open' },
  /** Failed authentications alone: whoever shows a valid token is never counted here. */
  badToken: { limit: 120, windowSeconds: 60, key: 'address', withoutRedis: 'open' },
  unmatched: { limit: 600, windowSeconds: 60, key: 'address', withoutRedis: 'open' },
  webhook: { limit: 6000, windowSeconds: 60, key: 'address', withoutRedis: 'open' },
} as const satisfies Record<string, RateLimitPolicy>;

export type RateLimitPolicyName = keyof typeof rateLimitPolicies;
