export { askRedis } from './ask-redis.ts';
export { cacheWrap } from './cache.ts';
export { takeReaderBudget } from './reader-budget.ts';
export { takePlace, type Quota } from './quota.ts';
export { assertNoEviction, connectRedis, isRedisUp, redisClients, redisKey } from './clients.ts';
