import type { mongo } from 'mongoose';
import { WRITTEN, type Job } from './jobs.ts';

/** What a run of orders left in the database. */
export interface Trace {
  /** New documents by collection, and their mean size in bytes. */
  written: Record<string, { documents: number; meanBytes: number }>;
  usedQuotes: number;
  /** Keys with their answers, wherever they are kept. */
  keys: number;
  emptiedCarts: number;
}

type Sizes = Record<string, { count: number; size: number }>;

export async function traceOf(db: mongo.Db, jobs: readonly Job[], run: () => Promise<unknown>): Promise<Trace> {
  const before = await sizesOf(db);
  const keyRows = await db.collection('idempotency_keys').countDocuments();
  await run();
  const after = await sizesOf(db);
  const written = WRITTEN.map((name) => {
    const documents = (after[name]?.count ?? 0) - (before[name]?.count ?? 0);
    const bytes = (after[name]?.size ?? 0) - (before[name]?.size ?? 0);
    return [name, { documents, meanBytes: Math.round(bytes / documents) }] as const;
  });
  const quoteIds = jobs.map(({ quoteId }) => quoteId);
  const userIds = jobs.map(({ userId }) => userId);
  return {
    written: Object.fromEntries(written),
    keys:
      (await db.collection('idempotency_keys').countDocuments()) -
      keyRows +
      (await db.collection('quotes').countDocuments(among(quoteIds, { 'purchase.answer': { $gt: '' } }))),
    usedQuotes: await db.collection('quotes').countDocuments(among(quoteIds, { usedAt: { $ne: null } })),
    emptiedCarts: await db.collection('carts').countDocuments(among(userIds, { lines: { $size: 0 } })),
  };
}

/** @throws Error where a contender did not write each document of each order once: then there is nothing to compare */
export function assertEqualWork(name: string, trace: Trace, orders: number): void {
  const counts = [
    ...Object.entries(trace.written).map(([collection, { documents }]) => [collection, documents] as const),
    ['quotes', trace.usedQuotes] as const,
    ['keys', trace.keys] as const,
    ['carts', trace.emptiedCarts] as const,
  ];
  const wrong = counts.filter(([, documents]) => documents !== orders);
  if (wrong.length === 0) return;
  const list = wrong.map(([collection, documents]) => `${collection}: ${documents}`).join(', ');
  throw new Error(`${name} placed ${orders} orders and wrote ${list}`);
}

async function sizesOf(db: mongo.Db): Promise<Sizes> {
  const entries = await Promise.all(
    WRITTEN.map(async (name) => {
      const { count, size } = (await db.command({ collStats: name })) as { count: number; size: number };
      return [name, { count, size }] as const;
    }),
  );
  return Object.fromEntries(entries);
}

function among(ids: string[], condition: object): mongo.Filter<mongo.Document> {
  return { _id: { $in: ids as never[] }, ...condition };
}
