export interface RateLimitPolicy {
  /** Requests per window and key. */
  limit: number;
  windowSeconds: number;
  /** `address`: the client's. `account`: of the token, else the address. `target`: what the route's `keyOf` names, or nothing. */
  key: 'address' | 'account' | 'target';
  /** Without Redis: `open` lets everything pass, `strict` counts in this process with a fifth of the limit. */
  withoutRedis: 'open' | 'strict';
  /** Answers that were no wrong guess give their place back: below 400, faults of ours, the wish for a second factor. */
  onlyFailures?: boolean;
  /** Each process takes places from the shared count in advance, a few at a time, so that most requests cost no command. */
  isLeased?: boolean;
}

/** All limits of the API in one table. */
export const rateLimitPolicies = {
  signup: { limit: 20, windowSeconds: 3600, key: 'address', withoutRedis: 'strict' },
  login: { limit: 30, windowSeconds: 300, key: 'address', withoutRedis: 'strict' },
  /** Per account one for unknown devices, one for the known ones (OWASP "device cookie"): who guesses does not lock out the owner. */
  loginTarget: { limit: 10, windowSeconds: 900, key: 'target', withoutRedis: 'strict', onlyFailures: true },
  secondFactor: { limit: 30, windowSeconds: 300, key: 'address', withoutRedis: 'strict' },
  /** Per account: with three codes right at a time, twenty guesses a day need some 45 years. Recovery codes do not count here. */
  secondFactorTarget: { limit: 20, windowSeconds: 86_400, key: 'target', withoutRedis: 'strict', onlyFailures: true },
  code: { limit: 20, windowSeconds: 3600, key: 'address', withoutRedis: 'strict' },
  codeTarget: { limit: 5, windowSeconds: 3600, key: 'target', withoutRedis: 'strict' },
  codeGuess: { limit: 30, windowSeconds: 600, key: 'address', withoutRedis: 'strict' },
  /** Per phone or e-mail: new codes after each five guesses would make hundreds of guesses a day. */
  codeGuessTarget: { limit: 20, windowSeconds: 86_400, key: 'target', withoutRedis: 'strict', onlyFailures: true },
  reset: { limit: 10, windowSeconds: 3600, key: 'address', withoutRedis: 'strict' },
  /** Links that prove an address, present or next. What one address gets of them, and of resets, the worker limits: docs/limits.md. */
  emailProof: { limit: 5, windowSeconds: 3600, key: 'account', withoutRedis: 'strict' },
  /** Text messages to numbers of one's own choice cost money. */
  phoneProof: { limit: 10, windowSeconds: 86_400, key: 'account', withoutRedis: 'strict' },
  link: { limit: 30, windowSeconds: 600, key: 'address', withoutRedis: 'strict' },
  oauth: { limit: 60, windowSeconds: 300, key: 'address', withoutRedis: 'strict' },
  refresh: { limit: 120, windowSeconds: 300, key: 'address', withoutRedis: 'strict' },
  /** Password, e-mail, second factor, deletion: what asks for a secret of the signed-in person, or mails. */
  credentials: { limit: 20, windowSeconds: 900, key: 'account', withoutRedis: 'strict' },
  export: { limit: 3, windowSeconds: 86_400, key: 'account', withoutRedis: 'strict' },
  invite: { limit: 30, windowSeconds: 3600, key: 'account', withoutRedis: 'strict' },
  /** How much in a day stands in the database: docs/limits.md. */
  upload: { limit: 60, windowSeconds: 60, key: 'account', withoutRedis: 'open' },
  newRestaurant: { limit: 30, windowSeconds: 86_400, key: 'account', withoutRedis: 'strict' },
  /** Whole menus in and out. */
  menuFile: { limit: 60, windowSeconds: 3600, key: 'account', withoutRedis: 'strict' },
  admin: { limit: 300, windowSeconds: 60, key: 'account', withoutRedis: 'open' },
  browse: { limit: 600, windowSeconds: 60, key: 'address', withoutRedis: 'open', isLeased: true },
  account: { limit: 300, windowSeconds: 60, key: 'account', withoutRedis: 'open' },
  /** Codes put into the cart: sixty guesses an hour find none. */
  coupon: { limit: 60, windowSeconds: 3600, key: 'account', withoutRedis: 'strict' },
  ordering: { limit: 60, windowSeconds: 60, key: 'account', withoutRedis: 'open' },
  courierLocation: { limit: 180, windowSeconds: 60, key: 'account', withoutRedis: 'open' },
  /** Failed authentications alone: whoever shows a valid token is never counted here. */
  badToken: { limit: 120, windowSeconds: 60, key: 'address', withoutRedis: 'open' },
  unmatched: { limit: 600, windowSeconds: 60, key: 'address', withoutRedis: 'open' },
  webhook: { limit: 6000, windowSeconds: 60, key: 'address', withoutRedis: 'open' },
} as const satisfies Record<string, RateLimitPolicy>;

export type RateLimitPolicyName = keyof typeof rateLimitPolicies;

/** A policy whose key the route itself names. */
export type TargetPolicyName = {
  [N in RateLimitPolicyName]: (typeof rateLimitPolicies)[N]['key'] extends 'target' ? N : never;
}[RateLimitPolicyName];

export function policyOf(name: RateLimitPolicyName): RateLimitPolicy {
  return rateLimitPolicies[name];
}

/** What one process lets pass by a `strict` policy while Redis is away. */
export function localLimit({ limit }: RateLimitPolicy): number {
  return Math.ceil(limit / 5);
}
