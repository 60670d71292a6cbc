import { AppError } from '../../../errors/index.ts';
import { redisClients, redisKey } from '../../../infra/redis/index.ts';
import { ID_PATTERN, randomToken } from '../../../shared/ids.ts';
import { isEqualMac, macOf } from '../keys.ts';
import type { LogInMethod } from '../sessions/session.model.ts';

/** Log-in has shown who it is by one factor; the other is due within this. */
export const CHALLENGE_TTL_SECONDS = 300;
/** Guesses of one challenge, also when they arrive together. */
const MAX_TRIES = 5;

export interface Challenge {
  userId: string;
  method: LogInMethod;
  /** The account's when the first factor was shown. */
  sessionVersion: number;
  /** The role needs a second factor and has none yet. */
  mustEnrol: boolean;
}

/*
 * Redis runs a script as one: of parallel guesses each gets a number of its own, and a challenge that has run out in between is not
 * brought back to life by the count. One that has no tries left stays until its time is up: a right try may be under way.
 */
const TAKE_TRY = `
  if redis.call('EXISTS', KEYS[1]) == 0 then return false end
  if redis.call('HINCRBY', KEYS[1], 'tries', 1) > tonumber(ARGV[1]) then return false end
  return redis.call('HGET', KEYS[1], 'challenge')`;

const CLAIM = `
  if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
  redis.call('HSETNX', KEYS[1], 'claimedBy', ARGV[1])
  return redis.call('HGET', KEYS[1], 'claimedBy') == ARGV[1] and 1 or 0`;

/** In Redis, under a mac of the token. A Redis that is away is 503: without it nobody gets in by half. */
export async function openChallenge(challenge: Challenge): Promise<string> {
  const body = `${challenge.userId}.${randomToken()}`;
  const token = `${body}.${macOf('challenge', `token.${body}`)}`;
  const key = challengeKey(token);
  await redisClients()
    .cache.multi()
    .hset(key, { challenge: JSON.stringify(challenge), tries: 0 })
    .expire(key, CHALLENGE_TTL_SECONDS)
    .exec();
  return token;
}

/**
 * Whose second factor a challenge asks for, from the token alone, for the limit of guesses per account; null for a token that we did
 * not make. Who knows an id can thus not fill its owner's count. Whether the challenge is alive is another question.
 */
export function challengedAccount(token: string): string | null {
  const [userId = '', random = '', mac = '', ...rest] = token.split('.');
  if (rest.length > 0 || !ID_PATTERN.test(userId)) return null;
  return isEqualMac(mac, macOf('challenge', `token.${userId}.${random}`)) ? userId : null;
}

/** @throws AppError `mfa_challenge_invalid` */
export async function readChallenge(token: string): Promise<Challenge> {
  return parse(await redisClients().cache.hget(challengeKey(token), 'challenge'));
}

/**
 * Every look at the challenge that comes with a guess is paid for before the guess is looked at.
 * @throws AppError `mfa_challenge_invalid`, also after the fifth
 */
export async function takeTry(token: string): Promise<Challenge> {
  return parse((await redisClients().cache.eval(TAKE_TRY, 1, challengeKey(token), MAX_TRIES)) as string | null);
}

/**
 * For one caller only, who may ask again: a transaction may run twice.
 * @throws AppError `mfa_challenge_invalid` for everybody else
 */
export async function claimChallenge(token: string, by: string): Promise<void> {
  const isOurs = await redisClients().cache.eval(CLAIM, 1, challengeKey(token), by);
  if (isOurs !== 1) throw new AppError('mfa_challenge_invalid');
}

export async function closeChallenge(token: string): Promise<void> {
  await redisClients().cache.del(challengeKey(token));
}

function parse(stored: string | null): Challenge {
  if (stored === null) throw new AppError('mfa_challenge_invalid');
  return JSON.parse(stored) as Challenge;
}

function challengeKey(token: string): string {
  return redisKey('mfa-challenge', macOf('challenge', `key.${token}`));
}
