import { nowMs } from '../../shared/clock.ts';
import { randomBelow } from '../../shared/ids.ts';
import { runDetached } from '../lifecycle/index.ts';
import { counter } from '../observability/index.ts';
import { askRedis } from './ask-redis.ts';
import { takeReaderBudget } from './reader-budget.ts';
import { redisClients, redisKey } from './clients.ts';

const requests = counter('quickbite_cache_requests_total', 'Cache look-ups', ['cache', 'result']);
const LOCK_MS = 5000;
const WAIT_STEP_MS = 50;

interface CacheRequest<T> {
  /** Low-cardinality name for the metric, and first part of the key. */
  cache: string;
  key: string;
  /** Fresh for this long (plus up to a tenth of jitter), then served stale while one caller loads. */
  ttlSeconds: number;
  staleSeconds: number;
  load: () => Promise<T>;
}

interface Entry<T> {
  freshUntilMs: number;
  value: T;
}

const loading = new Map<string, Promise<unknown>>();

/**
 * Reads through Redis: one load per process and, by a short lock, across processes; stale while refreshing;
 * without Redis it is the loader alone, found out by one command. `T` must survive JSON.
 */
export async function cacheWrap<T>(request: CacheRequest<T>): Promise<T> {
  const key = redisKey('cache', request.cache, request.key);
  const entry = await readEntry<T>(key);
  const result = resultOf(entry);
  requests.inc({ cache: request.cache, result });
  if (entry === 'away') return loadOnce(key, request.load);
  if (entry === null) return loadOnce(key, () => loadUnderLock(key, request));
  if (result === 'stale') {
    runDetached(`cache ${request.cache}`, async () => {
      await loadOnce(key, () => loadUnderLock(key, request));
    });
  }
  return entry.value;
}

function resultOf(entry: Entry<unknown> | 'away' | null): 'hit' | 'stale' | 'miss' | 'away' {
  if (entry === 'away') return 'away';
  if (entry === null) return 'miss';
  return entry.freshUntilMs > nowMs() ? 'hit' : 'stale';
}

function loadOnce<T>(key: string, load: () => Promise<T>): Promise<T> {
  const inFlight = loading.get(key) as Promise<T> | undefined;
  if (inFlight !== undefined) return inFlight;
  const promise = load().finally(() => loading.delete(key));
  loading.set(key, promise);
  return promise;
}

async function loadUnderLock<T>(key: string, request: CacheRequest<T>): Promise<T> {
  const { cache } = redisClients();
  const isLocked = await cache.set(`${key}:lock`, '1', 'PX', LOCK_MS, 'NX').catch(() => 'OK');
  if (isLocked === null) {
    const other = await waitForOther<T>(key);
    if (other !== null) return other.value;
  }
  try {
    const value = await request.load();
    await writeEntry(key, request, value);
    return value;
  } finally {
    // Also after a failed load: the next reader must not wait for an entry that nobody writes.
    await cache.del(`${key}:lock`).catch(() => 0);
  }
}

/** The entry that the holder of the lock writes, or null once the lock is gone without one. */
async function waitForOther<T>(key: string): Promise<Entry<T> | null> {
  for (let waited = 0; waited < LOCK_MS; waited += WAIT_STEP_MS) {
    await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
    const isHeld = await isLockHeld(key);
    const entry = await readEntry<T>(key);
    if (entry === 'away') return null;
    if (entry !== null && entry.freshUntilMs > nowMs()) return entry;
    if (!isHeld) return null;
  }
  return null;
}

async function isLockHeld(key: string): Promise<boolean> {
  const count = await redisClients()
    .cache.exists(`${key}:lock`)
    .catch(() => 0);
  return count > 0;
}

async function readEntry<T>(key: string): Promise<Entry<T> | 'away' | null> {
  try {
    const text = await askRedis((cache) => cache.get(key));
    return text === null ? null : (JSON.parse(text) as Entry<T>);
  } catch {
    return 'away';
  }
}

async function writeEntry<T>(key: string, request: CacheRequest<T>, value: T): Promise<void> {
  const jitterMs = randomBelow(Math.max(1, request.ttlSeconds * 100));
  const entry: Entry<T> = { freshUntilMs: nowMs() + request.ttlSeconds * 1000 + jitterMs, value };
  const lifeMs = (request.ttlSeconds + request.staleSeconds) * 1000 + jitterMs;
  const text = JSON.stringify(entry);
  if (!takeReaderBudget(text.length, nowMs())) return;
  await redisClients()
    .cache.set(key, text, 'PX', lifeMs)
    .catch(() => null);
}
