import { isFollowing, isUnchangedSince, positionNow } from '../../infra/pages/index.ts';
import { askRedis, redisKey } from '../../infra/redis/index.ts';
import { nowMs } from '../../shared/clock.ts';

/** Longer than any entry that names it. */
const VERSION_SECONDS = 3600;

export interface Dated<T> {
  madeAtMs: number;
  value: T;
}

export interface Made<T> {
  value: T;
  /** What it turned out to show: hung on like `touches`. */
  shows: readonly string[];
}

export interface View {
  userId: string;
  /** Ended by `dropDashboards`: what orders are about, and own writes. Who loses a role or a workplace asks by other ones. */
  scopes: readonly string[];
  /** Ended by the stream of changes, whoever wrote: names of `shared/public-versions.ts`. */
  touches: readonly string[];
  /** A net for what only the clock changes. */
  ttlSeconds: number;
}

interface Stored<T> extends Dated<T> {
  /** Of the scopes, read before it was made. */
  versions: (string | null)[];
  scopes: readonly string[];
  touches: readonly string[];
  /** All that had happened by then is in it, on the clock of the database. */
  asOf: string;
}

/**
 * One person's view, out of Redis while nothing of what it hangs on has changed, else made anew. Keys are by person; what is shared
 * are only the numbers of the versions. Without Redis, and while nobody follows the changes, it is made for each request.
 */
export async function readThrough<T>(view: View, make: () => Promise<Made<T>>): Promise<Dated<T>> {
  const known = await find<T>(view);
  if (known.stored !== null) return known.stored;
  const asOf = positionNow();
  const madeAtMs = nowMs();
  const { value, shows } = await make();
  const dated = { madeAtMs, value };
  const { scopes } = view;
  const touches = [...view.touches, ...shows];
  if (known.versions !== null && asOf !== null) {
    await keep(view, { ...dated, versions: known.versions, scopes, touches, asOf });
  }
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

async function find<T>({ userId, scopes }: View): Promise<Known<T>> {
  try {
    const [text = null, ...versions] = await askRedis((cache) =>
      cache.mget(entryKey(userId), ...scopes.map((scope) => versionKey(scope))),
    );
    const stored = text === null ? null : (JSON.parse(text) as Stored<T>);
    const isSame =
      stored !== null && JSON.stringify([stored.scopes, stored.versions]) === JSON.stringify([scopes, versions]);
    return { stored: isSame && isUnchanged(stored) ? stored : null, versions };
  } catch {
    return { stored: null, versions: null };
  }
}

function isUnchanged({ asOf, touches }: Stored<unknown>): boolean {
  return isFollowing() && isUnchangedSince(asOf, touches);
}

async function keep<T>({ userId, ttlSeconds }: View, stored: Stored<T>): Promise<void> {
  await askRedis((cache) => cache.set(entryKey(userId), JSON.stringify(stored), 'EX', ttlSeconds)).catch(() => null);
}

function entryKey(userId: string): string {
  return redisKey('dashboard', userId);
}

function versionKey(scope: string): string {
  return redisKey('dashboard-version', scope);
}
