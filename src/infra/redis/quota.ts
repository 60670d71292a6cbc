import { redisClients, redisKey } from './clients.ts';

export interface Quota {
  name: string;
  limit: number;
  windowSeconds: number;
}

/** What takes a place: of whom, and by which subject. The same subject takes one place, however often it comes. */
interface Taker {
  key: string;
  subjectId: string;
}

/* One script, so that of many at once no more than the limit get in. The window begins with its first taker. */
const TAKE = `
  if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then return 1 end
  if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
  redis.call('SADD', KEYS[1], ARGV[1])
  if redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[3]) end
  return 1`;

/**
 * For what a worker sends: a limit that no request is told of. A job that tries again keeps the place that it has.
 * @returns false when the window is full
 * @throws while Redis is away; the job tries again
 */
export async function takePlace({ name, limit, windowSeconds }: Quota, { key, subjectId }: Taker): Promise<boolean> {
  const redis = redisClients().cache;
  return (await redis.eval(TAKE, 1, redisKey('quota', name, key), subjectId, limit, windowSeconds)) === 1;
}
