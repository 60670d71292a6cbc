import { format, resolveConfig } from 'prettier';
import { routeTable } from '../architecture/route-table.ts';
import { localLimit, policyOf, rateLimitPolicies } from '../../src/http/middleware/rate-limit-policies.ts';
import type { RateLimitPolicyName } from '../../src/http/middleware/rate-limit-policies.ts';
import { moduleRouters, rawBodyModules } from '../../src/routes.ts';

export const LIMITS_FILE = new URL('../../docs/limits.md', import.meta.url);

const INTRODUCTION = `# Limits

Written by \`npm run generate\` from \`src/http/middleware/rate-limit-policies.ts\` and the routers; a test compares.

- Counts lie in Redis and hold over all instances. A window begins with its first request and ends after its length.
- **What is counted by** is never a value that the client may choose freely. _address_: the IP address of the connection, or the one
  that the last \`TRUST_PROXY_HOPS\` proxies wrote into \`X-Forwarded-For\`; of IPv6 the first 64 bits. _account_: the user of
  the verified token. _target_: what the request aims at, in one form, as a keyed hash, such as the account of a log-in.
- Where several limits stand on a route, each must have room. \`RateLimit-Limit\`, \`-Remaining\`, \`-Reset\` and \`-Policy\` tell of
  the one with least room left; a _target_ is never told, since others may have used it up.
- A refusal is 429 \`rate_limited\`, always with \`Retry-After\` in seconds; its headers tell of the limit that refused.
- _failures_: a request gives its place back when its answer shows that it was no wrong guess: a success, a fault of ours (5xx), or
  the wish for a second factor after the right password. The place is taken before the work, so many guesses at once find no gap.
- **Redis away**: _open_ lets everything pass; _strict_ counts in each process by itself, with the limit in brackets. Finding out costs
  one request in a second up to half a second, the others nothing. When Redis is back, its counts go on. The strict limit lets the
  log-in by password alone go on. What keeps its state in Redis is closed: behind its strict limit it answers 503, namely the request
  and the check of a code, the log-in of somebody with a second factor, and the log-in by a provider.
- What the worker sends has limits of its own, which no answer tells of, so that nobody can see or use them up for others: five mails
  with a link of one kind (reset, proof, change of e-mail) to one address in an hour, five notices of new devices to one account in an
  hour, and \`SMS_HOURLY_BUDGET\` text messages in an hour, all together. What is beyond is dropped; the API answers as always.
  Invitations to one e-mail are five in a day over all restaurants; the sixth is 429. Only those who may invite count.
  An owner whose resets somebody else has asked for has the links of those five mails. Notices go only to proven addresses.
- On the last line of defence, without a policy: a socket takes 20 commands and 100 packets in a second.
`;

/** The whole text of docs/limits.md. */
export async function renderLimits(): Promise<string> {
  const names = Object.keys(rateLimitPolicies) as RateLimitPolicyName[];
  const routes = routesByPolicy();
  const table = ['| Policy | Limit | Counted by | Redis away |', '|---|---|---|---|', ...names.map(row)].join('\n');
  const places = names.map((name) => `- **${name}**: ${routes.get(name)?.join(', ') ?? elsewhere(name)}`).join('\n');
  const config = await resolveConfig(LIMITS_FILE);
  return format(`${INTRODUCTION}\n${table}\n\n## Where they stand\n\n${places}\n`, { ...config, parser: 'markdown' });
}

function row(name: RateLimitPolicyName): string {
  const policy = policyOf(name);
  const limit = `${policy.limit} in ${lengthOf(policy.windowSeconds)}`;
  const counted = policy.onlyFailures === true ? `${policy.key}, failures` : policy.key;
  const away = policy.withoutRedis === 'strict' ? `strict (${localLimit(policy)})` : 'open';
  return `| ${name} | ${limit} | ${counted} | ${away} |`;
}

function lengthOf(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** Limits that stand on no single route. */
function elsewhere(name: RateLimitPolicyName): string {
  if (name === 'badToken') return 'every route with a token, for tokens that are none';
  return name === 'unmatched' ? 'every path without a route' : 'none yet';
}

function routesByPolicy(): Map<string, string[]> {
  const byPolicy = new Map<string, string[]>();
  for (const { method, path, info } of routeTable([...rawBodyModules, ...moduleRouters])) {
    for (const one of info) {
      if (one.kind !== 'rateLimit') continue;
      byPolicy.set(one.policy, [...(byPolicy.get(one.policy) ?? []), `\`${method.toUpperCase()} ${path}\``]);
    }
  }
  return byPolicy;
}
