import { ReplyError, type Redis } from 'ioredis';
import { redisClients } from './clients.ts';

/** For this long after a fault nobody waits for Redis; then one caller tries. */
const PAUSE_MS = 1000;

let awayUntilMs: number | null = null;

class RedisAway extends Error {
  override readonly name = 'RedisAway';
  constructor() {
    super('Redis was away a moment ago');
  }
}

/**
 * A command on the path of a request. Finding out that Redis does not answer costs up to the command's timeout: one caller in a second
 * pays it, the others are refused at once.
 * @throws RedisAway, or what the command throws
 */
export async function askRedis<T>(command: (cache: Redis) => Promise<T>): Promise<T> {
  const atMs = performance.now();
  if (awayUntilMs !== null && atMs < awayUntilMs) throw new RedisAway();
  // Those who come while this one finds out are refused already.
  if (awayUntilMs !== null) awayUntilMs = atMs + PAUSE_MS;
  try {
    const answer = await command(redisClients().cache);
    awayUntilMs = null;
    return answer;
  } catch (error) {
    // A refusal is an answer, such as NOSCRIPT.
    awayUntilMs = error instanceof ReplyError ? null : performance.now() + PAUSE_MS;
    throw error;
  }
}
