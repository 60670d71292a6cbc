import { leasedStore } from '../../src/http/middleware/leased-store.ts';
import { redisClients, redisKey } from '../../src/infra/redis/index.ts';

/** Forgets what this test worker has counted: all its requests come from one address; and what was mailed and texted. */
export async function resetRateLimits(): Promise<void> {
  const { cache } = redisClients();
  const keys = [...(await cache.keys(`${redisKey('limit')}*`)), ...(await cache.keys(`${redisKey('quota')}*`))];
  if (keys.length > 0) await cache.del(...keys);
  // What this process took of the counts in advance; other processes keep theirs.
  await leasedStore('browse').resetAll?.();
}
