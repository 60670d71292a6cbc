import { redisClients, redisKey } from '../../src/infra/redis/index.ts';

/** All that Redis holds under this worker's prefix, values and all: what a thief of the database would read. */
export async function redisDump(): Promise<string> {
  const { cache } = redisClients();
  const keys = await cache.keys(`${redisKey()}:*`);
  // Where BullMQ keeps its own.
  const bullKeys = await cache.keys(`{${redisKey()}}*`);
  const entries = await Promise.all([...keys, ...bullKeys].map(async (key) => [key, await valueOf(key)]));
  return JSON.stringify(entries);
}

async function valueOf(key: string): Promise<unknown> {
  const { cache } = redisClients();
  switch (await cache.type(key)) {
    case 'hash':
      return cache.hgetall(key);
    case 'string':
      return cache.get(key);
    case 'list':
      return cache.lrange(key, 0, -1);
    case 'zset':
      return cache.zrange(key, '0', '-1');
    case 'set':
      return cache.smembers(key);
    case 'stream':
      return cache.xrange(key, '-', '+');
    default:
      return null;
  }
}

/** Everybody's codes and guesses are forgotten, as by a flushed Redis. */
export async function forgetCodes(): Promise<void> {
  const keys = await codeKeys();
  if (keys.length > 0) await redisClients().cache.del(...keys);
}

/** Their time is up. @returns the longest that any of them had left, in milliseconds */
export async function expireCodes(): Promise<number> {
  const { cache } = redisClients();
  const left = await Promise.all(
    (await codeKeys()).map(async (key) => {
      const ms = await cache.pttl(key);
      await cache.pexpire(key, 1);
      return ms;
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  return Math.max(0, ...left);
}

function codeKeys(): Promise<string[]> {
  return redisClients().cache.keys(`${redisKey('code')}:*`);
}

/** The six digits that a message begins with or shows on a line of its own. */
export function codeIn(text: string): string {
  const code = /(?:^|\n)(\d{6})(?:\s|$)/.exec(text)?.[1];
  if (code === undefined) throw new Error('there is no code in this message');
  return code;
}

/** Six digits that are not the code. */
export function anotherThan(code: string, step = 1): string {
  return String((Number(code) + step) % 1_000_000).padStart(6, '0');
}
