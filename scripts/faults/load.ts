import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../bench/place-order/jobs.ts';
import { resolve, shopOnce, type Shop } from './customer.ts';
import { newEntry, type Entry, type Journal } from './journal.ts';
import type { Stage } from './stage.ts';

export interface LoadOptions {
  inFlight: number;
  /** Through the proxies instead of directly. */
  isProxied?: boolean;
  /** No more orders than this; without it, until it is stopped. */
  orders?: number;
  /** Of each customer's place, between one customer and the next. */
  pauseMs?: number;
  onSent?: (url: string) => void;
}

export interface Load {
  journal: Journal;
  /** No new customers; those under way come to their end. */
  stop(): Promise<void>;
  /** Resolves when `orders` are through. */
  done: Promise<void>;
  /** Asks again about everything that stayed open. */
  resolve(): Promise<void>;
}

const BATCH = 30;
/** Of so many customers one cancels. */
const CANCEL_EVERY = 4;

/** Customers who order, pay, and now and then cancel, so many at once. */
export function startLoad(
  stage: Stage,
  { inFlight, isProxied = false, orders, pauseMs = 200, onSent }: LoadOptions,
): Load {
  const journal: Journal = { entries: [], answers: [], healedAtMs: 0 };
  const shop: Shop = {
    urls: stage.apis.map(({ url, frontUrl }) => (isProxied ? frontUrl : url)),
    stripeUrl: stage.cloud.stripeUrl,
    journal,
    ...(onSent === undefined ? {} : { onSent }),
  };
  const state = { isStopped: false };
  const next = pool(stage);
  async function lane(): Promise<void> {
    while (!state.isStopped && (orders === undefined || journal.entries.length < orders)) {
      const entry: Entry = newEntry(await next());
      // Others may have taken the last places meanwhile.
      if (orders !== undefined && journal.entries.length >= orders) return;
      journal.entries.push(entry);
      await shopOnce(shop, entry, journal.entries.length % CANCEL_EVERY === 0);
      await sleep(pauseMs);
    }
  }
  const done = Promise.all(Array.from({ length: inFlight }, lane)).then(() => undefined);
  return {
    ...{ journal, done },
    stop: async () => {
      state.isStopped = true;
      await done;
    },
    resolve: () => resolveAll(shop),
  };
}

/** Eight at a time: at the end everybody would come at once. */
async function resolveAll(shop: Shop): Promise<void> {
  const waiting = shop.journal.entries.values();
  async function lane(): Promise<void> {
    for (const entry of waiting) await resolve(shop, entry);
  }
  await Promise.all(Array.from({ length: 8 }, lane));
}

/** Made before they are needed, a batch at a time. */
function pool(stage: Stage): () => Promise<Job> {
  const ready: Job[] = [];
  let filling: Promise<void> | null = null;
  const fill = async () => {
    ready.push(...(await stage.prepare(BATCH)));
    filling = null;
  };
  return async () => {
    for (;;) {
      if (ready.length < BATCH / 2) filling ??= fill();
      const job = ready.shift();
      if (job !== undefined) return job;
      await (filling ?? sleep(5));
    }
  };
}
