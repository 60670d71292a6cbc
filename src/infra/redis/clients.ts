import { Redis, type RedisOptions } from 'ioredis';
import { config } from '../../config/index.ts';
import { onShutdown } from '../lifecycle/index.ts';
import { logger } from '../observability/index.ts';

/**
 * One client per use, each with its own idea of patience:
 * - `producer`: adds jobs, wakes the relay; gives up soon, the outbox holds the promise;
 * - `cache`: cache and limits, on the path of a request: a slow Redis costs it half a second at most;
 * - `worker`: waits for ever, as BullMQ demands;
 * - `subscriber`: in subscribe mode, can send nothing else;
 * - `streams`: blocking reads of the socket adapter.
 */
export interface RedisClients {
  producer: Redis;
  cache: Redis;
  worker: Redis;
  subscriber: Redis;
  streams: Redis;
}

let clients: RedisClients | null = null;

export function connectRedis(): RedisClients {
  if (clients !== null) return clients;
  const impatient = { maxRetriesPerRequest: 1, connectTimeout: 2000 };
  clients = {
    producer: open('producer', { ...impatient, commandTimeout: 2000 }),
    cache: open('cache', { ...impatient, commandTimeout: 500 }),
    worker: open('worker', { maxRetriesPerRequest: null }),
    subscriber: open('subscriber', { maxRetriesPerRequest: null }),
    streams: open('streams', { maxRetriesPerRequest: null }),
  };
  const opened: Record<string, Redis> = { ...clients };
  onShutdown('clients', 'redis', () => {
    for (const client of Object.values(opened)) client.disconnect();
    clients = null;
  });
  return clients;
}

export function redisClients(): RedisClients {
  if (clients === null) throw new Error('bootstrap connects Redis first');
  return clients;
}

export function redisKey(...parts: string[]): string {
  return [config.redis.prefix, ...parts].join(':');
}

export async function isRedisUp(): Promise<boolean> {
  return redisClients()
    .cache.ping()
    .then(
      () => true,
      () => false,
    );
}

/** noeviction is the only policy under which a queue is a queue. Asked once at start-up; a Redis that is away is waited for elsewhere. */
export async function assertNoEviction(): Promise<void> {
  const answer = await redisClients()
    .producer.config('GET', 'maxmemory-policy')
    .catch(() => null);
  if (answer === null) {
    logger.warn('Redis does not tell its maxmemory-policy; it must be noeviction');
    return;
  }
  const policy = String((answer as unknown[])[1]);
  if (policy === 'noeviction') return;
  const sentence = `Redis has maxmemory-policy ${policy}; QuickBite needs noeviction.`;
  if (config.isProduction) throw new Error(sentence);
  logger.warn(sentence);
}

function open(name: keyof RedisClients, options: Omit<RedisOptions, 'replyMapping'>): Redis {
  const client = new Redis(config.redis.url, { ...options, connectionName: `${config.redis.prefix}-${name}` });
  client.on('error', (error: Error) => {
    logger.warn({ client: name, err: error }, 'redis connection fault');
  });
  return client;
}
