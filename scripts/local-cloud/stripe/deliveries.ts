import type { Book } from './book.ts';
import { realNowMs } from '../clock.ts';

export type DeliveryState = 'pending' | 'held' | 'delivered' | 'dropped' | 'given_up';

export interface Delivery {
  id: number;
  eventId: string;
  state: DeliveryState;
  dueAtMs: number;
  createdAtMs: number;
  attempts: number;
  lastOutcome: string | null;
}

export interface Deliveries {
  add(eventId: string, state: DeliveryState, dueAtMs: number): Delivery;
  /** The longest due first, those under way included. */
  due(nowMs: number, limit: number): Delivery[];
  nextDueAtMs(): number | null;
  inState(state: DeliveryState): Delivery[];
  all(): Delivery[];
  settle(delivery: Delivery): void;
}

/** The rows of outgoing webhooks; they outlive the process, so a promised delivery survives a restart. */
export function createDeliveries({ database }: Book): Deliveries {
  const insert = database.prepare(
    'INSERT INTO deliveries (event_id, state, due_at_ms, created_at_ms) VALUES (?, ?, ?, ?)',
  );
  const update = database.prepare(
    'UPDATE deliveries SET state = ?, due_at_ms = ?, attempts = ?, last_outcome = ? WHERE id = ?',
  );
  const due = database.prepare(
    "SELECT * FROM deliveries WHERE state = 'pending' AND due_at_ms <= ? ORDER BY due_at_ms, id LIMIT ?",
  );
  const next = database.prepare("SELECT min(due_at_ms) AS due FROM deliveries WHERE state = 'pending'");
  const byState = database.prepare('SELECT * FROM deliveries WHERE state = ? ORDER BY id');
  const all = database.prepare('SELECT * FROM deliveries ORDER BY id');
  return {
    add(eventId, state, dueAtMs) {
      const createdAtMs = realNowMs();
      const { lastInsertRowid } = insert.run(eventId, state, dueAtMs, createdAtMs);
      return { id: Number(lastInsertRowid), eventId, state, dueAtMs, createdAtMs, attempts: 0, lastOutcome: null };
    },
    due: (nowMs, limit) => due.all(nowMs, limit).map(toDelivery),
    nextDueAtMs() {
      const value = next.get()?.['due'];
      return typeof value === 'number' ? value : null;
    },
    inState: (state) => byState.all(state).map(toDelivery),
    all: () => all.all().map(toDelivery),
    settle({ id, state, dueAtMs, attempts, lastOutcome }) {
      update.run(state, dueAtMs, attempts, lastOutcome, id);
    },
  };
}

function toDelivery(row: Record<string, unknown>): Delivery {
  return {
    id: Number(row['id']),
    eventId: String(row['event_id']),
    state: String(row['state']) as DeliveryState,
    dueAtMs: Number(row['due_at_ms']),
    createdAtMs: Number(row['created_at_ms']),
    attempts: Number(row['attempts']),
    lastOutcome: typeof row['last_outcome'] === 'string' ? row['last_outcome'] : null,
  };
}
