export { askRedis } from './ask-redis.ts';
export { cacheWrap } from './cache.ts';
export { assertNoEviction, connectRedis, isRedisUp, redisClients, redisKey } from './clients.ts';
