import { createHash } from 'node:crypto';
import { AppError } from '../../../errors/index.ts';
import { askRedis, redisKey } from '../../../infra/redis/index.ts';
import { randomToken } from '../../../shared/ids.ts';
import { isEqualMac, macOf } from '../keys.ts';
import type { ProviderName } from './provider-names.ts';
import type { Checks, Profile } from './provider-client.ts';

/** The person is at the provider. */
const FLOW_TTL_SECONDS = 600;
/** The page of the front end has just been opened. */
const OUTCOME_TTL_SECONDS = 60;

/** A log-in, or the linking of an identity, that has begun. */
export interface Flow {
  provider: ProviderName;
  /** One of the configured addresses. */
  returnTo: string;
  /** S256 of what the page that began it keeps to itself. */
  codeChallenge: string;
  /** Who links an identity; null: a log-in. */
  linkUserId: string | null;
}

/** What the provider said, until the page that began asks for it. */
export type Outcome = Omit<Flow, 'returnTo' | 'provider'> & { profile: Profile };

/** @returns the secrets for the provider. The store holds none of them. */
export async function openFlow(flow: Flow): Promise<Checks> {
  const state = randomToken();
  await keep('oauth-flow', state, { value: flow, ttlSeconds: FLOW_TTL_SECONDS });
  return checksOf(state);
}

/** Once: whoever comes second finds nothing. */
export async function takeFlow(state: string): Promise<Flow | null> {
  return (await take('oauth-flow', state)) as Flow | null;
}

/** Derived and not stored, so that a look into Redis is no use to anybody. */
export function checksOf(state: string): Checks {
  return { state, nonce: macOf('oauth', `nonce.${state}`), codeVerifier: macOf('oauth', `verifier.${state}`) };
}

/** @returns the one-time code for the page */
export async function openOutcome(outcome: Outcome): Promise<string> {
  const code = randomToken();
  await keep('oauth-outcome', code, { value: outcome, ttlSeconds: OUTCOME_TTL_SECONDS });
  return code;
}

/**
 * Once, also for twenty at the same time, and also when the verifier is wrong: null unless the caller is the page that began. A code
 * that was read out of the address bar, or was slipped to somebody, is of no use.
 */
export async function takeOutcome(code: string, codeVerifier: string): Promise<Outcome | null> {
  const outcome = (await take('oauth-outcome', code)) as Outcome | null;
  return outcome !== null && isEqualMac(challengeOf(codeVerifier), outcome.codeChallenge) ? outcome : null;
}

/** RFC 7636, S256. */
export function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}

async function keep(kind: string, secret: string, { value, ttlSeconds }: { value: object; ttlSeconds: number }) {
  await ask((cache) => cache.set(keyFor(kind, secret), JSON.stringify(value), 'EX', ttlSeconds));
}

async function take(kind: string, secret: string): Promise<unknown> {
  const text = await ask((cache) => cache.getdel(keyFor(kind, secret)));
  return text === null ? null : (JSON.parse(text) as unknown);
}

/** Without Redis nobody comes in by a provider: the flow cannot be told from a forged one. */
function ask<T>(command: Parameters<typeof askRedis<T>>[0]): Promise<T> {
  return askRedis(command).catch((cause: unknown) => {
    throw new AppError('service_unavailable', { cause, retryAfterSeconds: 2 });
  });
}

function keyFor(kind: string, secret: string): string {
  return redisKey(kind, macOf('oauth', `${kind}.${secret}`));
}
