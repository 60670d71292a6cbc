import { createHash } from 'node:crypto';
import type { Store } from 'express-rate-limit';
import { RedisStore, type RedisReply } from 'rate-limit-redis';
import { askRedis, redisKey } from '../../infra/redis/index.ts';

/** A count that has run out meanwhile must not begin anew below zero, and without an end. */
const GIVE_BACK = `if redis.call('PTTL', KEYS[1]) > 0 then return redis.call('DECR', KEYS[1]) end return 0`;

/** The counts of one policy, shared by all instances. @throws on `increment` while Redis is away */
export function redisLimitStore(policy: string): Store {
  return new RedisStore({ prefix: redisKey('limit', policy, ''), sendCommand });
}

function sendCommand(command: string, ...args: string[]): Promise<RedisReply> {
  const [first = '', second = ''] = args;
  // The store keeps the answer to this for good, also a failure. The answer is the script's SHA-1, which we know; the script itself is
  // loaded when Redis says that it lacks it.
  if (command === 'SCRIPT') return send('SCRIPT', ...args).catch(() => sha1(second));
  // The answer is out already; nobody waits for this, or could do anything about it.
  if (command === 'DECR') return send('EVAL', GIVE_BACK, '1', first).catch(() => 0);
  return send(command, ...args);
}

function send(command: string, ...args: string[]): Promise<RedisReply> {
  return askRedis((cache) => cache.call(command, ...args) as Promise<RedisReply>);
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
