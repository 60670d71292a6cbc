import { redisClients, redisKey } from '../../src/infra/redis/index.ts';

/** Forgets what this test worker has counted: all its requests come from one address. */
export async function resetRateLimits(): Promise<void> {
  const { cache } = redisClients();
  const keys = await cache.keys(`${redisKey('limit')}*`);
  if (keys.length > 0) await cache.del(...keys);
}
