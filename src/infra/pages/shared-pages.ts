import { askRedis, redisKey, takeReaderBudget } from '../redis/index.ts';
import { decodePage, encodePage, type Page } from './page.ts';

/** One process loads, the others wait; the lock outlives a load only if its holder dies. */
const LOCK_MS = 5000;
const WAIT_STEP_MS = 25;

interface Found {
  page: Page | null;
  /** The page is ours to load. */
  isLocked: boolean;
}

/** What Redis holds, and the lock on it, in one round trip. @throws while Redis is away */
export async function findOrLock(id: string): Promise<Found> {
  const [stored, lock] = await askRedis((cache) =>
    Promise.all([cache.getBuffer(pageKey(id)), cache.set(lockKey(id), '1', 'PX', LOCK_MS, 'NX')]),
  );
  return { page: stored === null ? null : decodePage(stored), isLocked: lock !== null };
}

/** What the holder of the lock writes, or null once the lock is gone without anything usable. @throws while Redis is away */
export async function waitForOther(id: string, isUsable: (page: Page) => boolean): Promise<Page | null> {
  for (let waited = 0; waited < LOCK_MS; waited += WAIT_STEP_MS) {
    await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
    const [isHeld, stored] = await askRedis((cache) =>
      Promise.all([cache.exists(lockKey(id)), cache.getBuffer(pageKey(id))]),
    );
    const page = stored === null ? null : decodePage(stored);
    if (page !== null && isUsable(page)) return page;
    if (isHeld === 0) return null;
  }
  return null;
}

/** Detached: nobody waits for it, and without Redis there is nothing to tell. Ours only as a hint; whoever reads it asks the versions. */
export function store(id: string, page: Page, atMs: number): void {
  const bytes = encodePage(page);
  const lifeMs = Math.min(page.staleUntilMs, page.validUntilMs ?? Number.POSITIVE_INFINITY) - atMs;
  if (lifeMs < 1 || !takeReaderBudget(bytes.length, atMs)) {
    unlock(id);
    return;
  }
  askRedis((cache) =>
    Promise.all([cache.set(pageKey(id), bytes, 'PX', Math.ceil(lifeMs)), cache.del(lockKey(id))]),
  ).catch(() => undefined);
}

/** Also after a failed load: the next reader must not wait for a page that nobody writes. */
export function unlock(id: string): void {
  askRedis((cache) => cache.del(lockKey(id))).catch(() => undefined);
}

function pageKey(id: string): string {
  return redisKey('page', id);
}

function lockKey(id: string): string {
  return redisKey('page-lock', id);
}
