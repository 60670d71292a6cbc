import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { redisClients, redisKey } from '../../../infra/redis/index.ts';
import { newId } from '../../../shared/ids.ts';
import { macOf } from '../keys.ts';

/*
 * One hash in Redis per purpose and target, whoever asks: round, target, the mac of the code, and how often anybody has guessed. Of a
 * phone that is to be proven each account has one of its own, so that nobody spoils another's code by asking or guessing. It lives
 * as long as a code, counted from the last request. Each step is one script, so that of many at once each sees what the one
 * before it left. A flushed Redis costs a new request and nothing else.
 */

/** In all, for every code that is sent to the target while the state lives (ASVS 6.6.3). */
const MAX_GUESSES = 5;
const RETRY_AFTER_SECONDS = 2;

export type Purpose = 'log-in' | 'verify-phone';
export type CodeChannel = 'sms' | 'email';

export interface CodeTarget {
  purpose: Purpose;
  channel: CodeChannel;
  /** Phone or e-mail in its one form. */
  target: string;
}

export interface CodeRequest extends CodeTarget {
  /** The signed-in account, which alone can use the code; absent for a log-in. */
  holderId?: string;
}

/** What the job is told: nothing that says whom it is for. */
export interface CodeRef {
  codeId: string;
  round: string;
}

export interface StoredRequest extends CodeTarget {
  holderId: string | null;
}

const REQUEST = `
  local guesses = tonumber(redis.call('HGET', KEYS[1], 'guesses') or '0')
  if guesses >= tonumber(ARGV[1]) then return redis.call('TTL', KEYS[1]) end
  redis.call('HDEL', KEYS[1], 'mac', 'userId')
  redis.call('HSET', KEYS[1], 'round', ARGV[3], 'purpose', ARGV[4], 'channel', ARGV[5], 'target', ARGV[6], 'holderId', ARGV[7])
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  return -1`;

const ISSUE = `
  if redis.call('HGET', KEYS[1], 'round') ~= ARGV[1] then return 0 end
  if tonumber(redis.call('HGET', KEYS[1], 'guesses') or '0') >= tonumber(ARGV[2]) then return 0 end
  redis.call('HSET', KEYS[1], 'mac', ARGV[3], 'userId', ARGV[4])
  return 1`;

// Counts before it compares, and with or without a code: an unknown target burns like a known one.
const GUESS = `
  local state = redis.call('HMGET', KEYS[1], 'round', 'holderId', 'mac', 'userId')
  if not state[1] or state[2] ~= ARGV[2] then return false end
  local guesses = redis.call('HINCRBY', KEYS[1], 'guesses', 1)
  if guesses > tonumber(ARGV[1]) then return false end
  if state[3] == ARGV[3] then
    redis.call('DEL', KEYS[1])
    return state[4]
  end
  if guesses == tonumber(ARGV[1]) then redis.call('HDEL', KEYS[1], 'mac', 'userId') end
  return false`;

/**
 * Begins a new round, which makes the code of the one before useless. The count of guesses goes on.
 * @throws AppError `rate_limited` when the guesses are used up, until the state ends; `service_unavailable`
 */
export async function beginRound(request: CodeRequest): Promise<CodeRef> {
  const codeId = codeIdOf(request);
  const round = newId();
  const { purpose, channel, target, holderId = '' } = request;
  const fields = [round, purpose, channel, target, holderId];
  const left = await run(REQUEST, codeId, [MAX_GUESSES, config.auth.codeTtlSeconds, ...fields]);
  if (typeof left === 'number' && left >= 0)
    throw new AppError('rate_limited', { retryAfterSeconds: Math.max(1, left) });
  return { codeId, round };
}

/** null once a later request has taken its place, or the time is up. @throws AppError `service_unavailable` */
export async function findRound({ codeId, round }: CodeRef): Promise<StoredRequest | null> {
  const stored = await orUnavailable(() => redisClients().cache.hgetall(keyOf(codeId)));
  if (stored['round'] !== round) return null;
  const { purpose, channel, target = '', holderId = '' } = stored;
  return {
    purpose: purpose as Purpose,
    channel: channel as CodeChannel,
    target,
    holderId: holderId === '' ? null : holderId,
  };
}

/**
 * From now on this code is the one, and opens `userId`.
 * @returns false when the round is over or the guesses are used up
 */
export async function storeCode(ref: CodeRef, code: string, userId: string): Promise<boolean> {
  return (await run(ISSUE, ref.codeId, [ref.round, MAX_GUESSES, codeMac(ref.codeId, code), userId])) === 1;
}

/**
 * Of many right guesses at once one gets the account, and the code is gone; a wrong one is counted before it is looked at.
 * @returns the id of the account that the code opens, or null
 * @throws AppError `service_unavailable`
 */
export async function takeCode(request: CodeRequest, code: string): Promise<string | null> {
  const codeId = codeIdOf(request);
  const userId = await run(GUESS, codeId, [MAX_GUESSES, request.holderId ?? '', codeMac(codeId, code)]);
  return typeof userId === 'string' ? userId : null;
}

/** The same for the same target and holder, without naming them. */
function codeIdOf({ purpose, channel, target, holderId = '' }: CodeRequest): string {
  return macOf('code', `${purpose}.${channel}.${holderId}.${target}`).slice(0, 24);
}

/** Bound to target and purpose: the same six digits elsewhere are another code. */
function codeMac(codeId: string, code: string): string {
  return macOf('code', `${codeId}.${code}`);
}

function keyOf(codeId: string): string {
  return redisKey('code', codeId);
}

function run(script: string, codeId: string, args: (string | number)[]): Promise<unknown> {
  return orUnavailable(() => redisClients().cache.eval(script, 1, keyOf(codeId), ...args));
}

/** Without Redis nobody can count guesses, so nobody guesses. The cause is not kept: it repeats the arguments. */
async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown';
    throw new AppError('service_unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS, info: { redis: reason } });
  }
}
