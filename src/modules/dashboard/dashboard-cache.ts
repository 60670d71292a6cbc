import { askRedis, redisKey } from '../../infra/redis/index.ts';
import { nowMs } from '../../shared/clock.ts';

/** A net only: what changes is dropped. */
const TTL_SECONDS = 30;
/** Longer than any entry that names it. */
const VERSION_SECONDS = 3600;

export interface Dated<T> {
  madeAtMs: number;
  value: T;
}

interface Stored<T> extends Dated<T> {
  /** Versions of what it hangs on, read before it was made. */
  versions: (string | null)[];
  scopes: string[];
}

/**
 * One person's view, out of Redis while nothing of what it hangs on has changed, else made anew. Keys are by person; what is shared
 * are only the numbers of the versions. Without Redis it is made for each request.
 */
export async function readThrough<T>(
  userId: string,
  scopes: readonly string[],
  make: () => Promise<T>,
): Promise<Dated<T>> {
  const known = await find<T>(userId, scopes);
  if (known.stored !== null) return known.stored;
  const dated = { madeAtMs: nowMs(), value: await make() };
  if (known.versions !== null) await keep(userId, { ...dated, versions: known.versions, scopes: [...scopes] });
  return dated;
}

/** Everything that shows one of these is made anew at the next look. Without Redis there is nothing to drop. */
export async function dropDashboards(scopes: readonly string[]): Promise<void> {
  await askRedis(async (cache) => {
    const batch = cache.pipeline();
    for (const scope of scopes) batch.incr(versionKey(scope)).expire(versionKey(scope), VERSION_SECONDS);
    await batch.exec();
  }).catch(() => undefined);
}

interface Known<T> {
  stored: Dated<T> | null;
  /** Null while Redis is away. */
  versions: (string | null)[] | null;
}

async function find<T>(userId: string, scopes: readonly string[]): Promise<Known<T>> {
  try {
    const [text = null, ...versions] = await askRedis((cache) =>
      cache.mget(entryKey(userId), ...scopes.map((scope) => versionKey(scope))),
    );
    const stored = text === null ? null : (JSON.parse(text) as Stored<T>);
    const isTrue =
      stored !== null && JSON.stringify([stored.scopes, stored.versions]) === JSON.stringify([scopes, versions]);
    return { stored: isTrue ? stored : null, versions };
  } catch {
    return { stored: null, versions: null };
  }
}

async function keep<T>(userId: string, stored: Stored<T>): Promise<void> {
  await askRedis((cache) => cache.set(entryKey(userId), JSON.stringify(stored), 'EX', TTL_SECONDS)).catch(() => null);
}

function entryKey(userId: string): string {
  return redisKey('dashboard', userId);
}

function versionKey(scope: string): string {
  return redisKey('dashboard-version', scope);
}
