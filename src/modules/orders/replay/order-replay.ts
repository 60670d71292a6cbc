import { isDeepStrictEqual } from 'node:util';
import type { OrderEventRecord } from '../order-event.model.ts';
import type { OrderRecord } from '../order.model.ts';
import { LOGGED_FIELDS, withoutNotes, type Logged } from './order-fields.ts';

type ReplayEvent = Pick<OrderEventRecord, 'seq' | 'at' | 'changes'>;

/** An order as its log tells it. */
export type ReplayedOrder = Logged & Pick<OrderRecord, 'version' | 'eventSeq' | 'updatedAt'>;

/** Rebuilds an order from its log, oldest event first. Pure. Null for a log from before events kept what they changed. */
export function replayOrder(events: readonly ReplayEvent[]): ReplayedOrder | null {
  const last = events.at(-1);
  if (last === undefined || events.some(({ changes }) => changes === undefined)) return null;
  const logged = Object.assign({}, ...events.map(({ changes }) => changes)) as Logged;
  const version = events.filter(({ changes }) => changes?.status !== undefined).length;
  return { ...logged, version, eventSeq: last.seq, updatedAt: last.at };
}

export interface Difference {
  field: string;
  stored: unknown;
  replayed: unknown;
}

/** Where the stored order is not what its log makes of it. */
export function compareReplay(stored: OrderRecord, replayed: ReplayedOrder): Difference[] {
  const mine: Partial<OrderRecord> = { ...stored, items: withoutNotes(stored.items) };
  const fields = [...LOGGED_FIELDS, 'version', 'eventSeq', 'updatedAt'] as const;
  const differences = fields.map((field) => ({
    field,
    stored: mine[field] ?? null,
    replayed: replayed[field] ?? null,
  }));
  return differences.filter((pair) => !isDeepStrictEqual(plain(pair.stored), plain(pair.replayed)));
}

/** The form in which MongoDB gives them back: dates are the same by their time, keys without a value are not there. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
