import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { config } from '../../config/index.ts';
import { nowMs } from '../../shared/clock.ts';
import { randomBelow } from '../../shared/ids.ts';
import { runDetached } from '../lifecycle/index.ts';
import { counter } from '../observability/index.ts';
import { changeCount, isFollowing, isUnchangedSince, positionNow, SILENCE_MS } from './changes.ts';
import { toPage, type Page } from './page.ts';
import { findOrLock, store, unlock, waitForOther } from './shared-pages.ts';

export interface LoadedPage {
  /** What is sent as JSON. The same for everybody: nothing of the person who asks can reach it. */
  body: object;
  /** Versions of `src/public-versions.ts` that the body hangs on. */
  touches: readonly string[];
  /** The earliest moment at which a word of it becomes wrong by the clock alone. */
  validUntil?: Date | null;
}

export interface PageRequest {
  /** Low-cardinality name for the metric, and first part of the key. */
  name: string;
  /** Parameters and query as the route understood them. */
  key: unknown;
  load: () => Promise<LoadedPage>;
  /** False: there is no end of different ones, and hardly a second reader; Redis is not for it. */
  isShared?: boolean;
}

/** A net for what no version covers; changes do not wait for it. */
const FRESH_MS = 30_000;
const STALE_MS = 60_000;
const MAX_BYTES = 64 * 2 ** 20;
/** Larger ones are answered and not kept: a dozen would drive out everything else. */
const MAX_PAGE_BYTES = 4 * 2 ** 20;
const OVERHEAD_BYTES = 1024;

const requests = counter('quickbite_pages_total', 'Public pages read', ['page', 'result']);
const held = new LRUCache<string, Page>({
  maxSize: MAX_BYTES,
  maxEntrySize: MAX_PAGE_BYTES,
  // Room for one compressed form beside the plain one.
  sizeCalculation: (page) => Math.ceil(page.plain.body.length * 1.5) + OVERHEAD_BYTES,
});
const loading = new Map<string, Promise<Page>>();
/**
 * In a rain of changes each load is overtaken before it ends, and of a crowd that comes by and by everybody would load anew. The readers
 * of so long a moment share one, which begins after they have asked.
 */
const PACE_MS = 50;
const loadedAt = new LRUCache<string, number>({ max: 10_000 });

/** The key of a page: what it shows, never who asks. */
export function pageId({ name, key }: Pick<PageRequest, 'name' | 'key'>): string {
  const text = canonical(key);
  return `${name}:${text.length <= 200 ? text : createHash('sha256').update(text).digest('base64url')}`;
}

/**
 * The page out of this process, out of Redis, or loaded, by one reader for all processes. A page whose time is up is still given out
 * while the next one is made; one that is known to be wrong never is.
 */
export async function readPage(request: PageRequest): Promise<Page> {
  if (!config.http.pageCache) return build(request, null);
  const id = pageId(request);
  const page = held.get(id);
  const atMs = nowMs();
  if (page !== undefined && isTrue(page, atMs) && atMs < page.staleUntilMs) {
    const isFresh = atMs < page.freshUntilMs;
    requests.inc({ page: request.name, result: isFresh ? 'hit' : 'stale' });
    if (!isFresh) refresh(id, request);
    return page;
  }
  const inFlight = loading.get(id);
  if (inFlight === undefined) return loadOnce(id, request);
  requests.inc({ page: request.name, result: 'joined' });
  const joined = await inFlight;
  // What changed while it was loaded, this reader may have been told of before it asked.
  return isTrue(joined, nowMs()) ? joined : (loading.get(id) ?? loadOnce(id, request));
}

/** Out of this process and fresh, or null: the synchronous half of `readPage`, for whoever cannot wait. */
export function heldPage(id: string): Page | null {
  const page = held.get(id);
  if (page === undefined) return null;
  const atMs = nowMs();
  return atMs < page.freshUntilMs && isTrue(page, atMs) ? page : null;
}

/** For whoever has given one out of `heldPage`. */
export function noteHit(name: string): void {
  requests.inc({ page: name, result: 'hit' });
}

function refresh(id: string, request: PageRequest): void {
  if (loading.has(id)) return;
  runDetached(`page ${request.name}`, async () => {
    await loadOnce(id, request);
  });
}

function loadOnce(id: string, request: PageRequest): Promise<Page> {
  const promise = loadPaced(id, request).finally(() => {
    loading.delete(id);
  });
  loading.set(id, promise);
  return promise;
}

async function loadPaced(id: string, request: PageRequest): Promise<Page> {
  const waitMs = PACE_MS - (performance.now() - (loadedAt.get(id) ?? Number.NEGATIVE_INFINITY));
  if (waitMs > 0) await sleep(waitMs);
  loadedAt.set(id, performance.now());
  return loadThroughRedis(id, request);
}

async function loadThroughRedis(id: string, request: PageRequest): Promise<Page> {
  const found = request.isShared === false ? NOT_SHARED : await lookUp(id);
  if (found.page !== null) {
    requests.inc({ page: request.name, result: 'shared' });
    return keep(id, found.page);
  }
  requests.inc({ page: request.name, result: found.isAway ? 'away' : 'miss' });
  // Before the load: what changes from here on ends the page, whether the load has seen it or not.
  const asOf = positionNow();
  try {
    const page = keep(id, await build(request, asOf));
    if (found.isLocked && asOf !== null && isTrue(page, nowMs())) store(id, page, nowMs());
    else if (found.isLocked) unlock(id);
    return page;
  } catch (error) {
    if (found.isLocked) unlock(id);
    throw error;
  }
}

const NOT_SHARED = { page: null, isLocked: false, isAway: false };

interface LookUp {
  page: Page | null;
  isLocked: boolean;
  isAway: boolean;
}

/** Versions of different processes can only be compared by who follows the changes; without, and without Redis, it is each for himself. */
async function lookUp(id: string): Promise<LookUp> {
  if (!isFollowing()) return { page: null, isLocked: false, isAway: true };
  try {
    const { page, isLocked } = await findOrLock(id);
    if (page !== null && isFreshAndTrue(page)) {
      if (isLocked) unlock(id);
      return { page, isLocked: false, isAway: false };
    }
    if (isLocked) return { page: null, isLocked, isAway: false };
    return { page: await waitForOther(id, isFreshAndTrue), isLocked: false, isAway: false };
  } catch {
    return { page: null, isLocked: false, isAway: true };
  }
}

async function build({ load }: PageRequest, asOf: string | null): Promise<Page> {
  const { body, touches, validUntil = null } = await load();
  const loadedAtMs = nowMs();
  const freshUntilMs = loadedAtMs + FRESH_MS + randomBelow(FRESH_MS / 10);
  const validUntilMs = validUntil?.getTime() ?? null;
  const facts = {
    asOf,
    touches: [...new Set(touches)],
    loadedAtMs,
    freshUntilMs,
    staleUntilMs: freshUntilMs + STALE_MS,
    validUntilMs,
  };
  return toPage(Buffer.from(JSON.stringify(body)), facts);
}

/** What is wrong already is given to whoever waits for it, and kept by nobody. */
function keep(id: string, page: Page): Page {
  if (isTrue(page, nowMs())) held.set(id, page);
  return page;
}

function isFreshAndTrue(page: Page): boolean {
  const atMs = nowMs();
  return atMs < page.freshUntilMs && isTrue(page, atMs);
}

/** Nothing on it has changed, as far as can be known; while it cannot be known, it is trusted for a moment. */
function isTrue(page: Page, atMs: number): boolean {
  if (page.validUntilMs !== null && atMs >= page.validUntilMs) return false;
  if (page.asOf === null || !isFollowing()) return atMs - page.loadedAtMs < SILENCE_MS;
  const count = changeCount();
  if (page.seenTrueAt === count) return true;
  const isUnchanged = isUnchangedSince(page.asOf, page.touches);
  if (isUnchanged) page.seenTrueAt = count;
  return isUnchanged;
}

/** Keys in one order, so that two spellings of a question are one page. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
