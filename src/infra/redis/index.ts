export { cacheWrap, dropCached } from './cache.ts';
export { assertNoEviction, connectRedis, redisClients, redisKey } from './clients.ts';
