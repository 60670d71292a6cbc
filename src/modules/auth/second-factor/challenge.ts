import { redisClients, redisKey } from '../../../infra/redis/index.ts';
import { randomToken } from '../../../shared/ids.ts';
import { macOf } from '../keys.ts';
import type { LogInMethod } from '../sessions/session.model.ts';

/** Log-in has shown who it is by one factor; the other is due within this. */
export const CHALLENGE_TTL_SECONDS = 300;

export interface Challenge {
  userId: string;
  method: LogInMethod;
  /** The account's when the first factor was shown. */
  sessionVersion: number;
  /** The role needs a second factor and has none yet. */
  mustEnrol: boolean;
}

/** In Redis, under a hash of the token. A Redis that is away is 503: without it nobody gets in by half. */
export async function openChallenge(challenge: Challenge): Promise<string> {
  const token = randomToken();
  await redisClients().cache.set(challengeKey(token), JSON.stringify(challenge), 'EX', CHALLENGE_TTL_SECONDS);
  return token;
}

export function challengeKey(token: string): string {
  return redisKey('mfa-challenge', macOf('challenge', token));
}
