import { Schema, model } from 'mongoose';
import { newId } from '../../shared/ids.ts';

/** A promise made inside a transaction: one domain event, and which of its effects are recorded. */
export interface OutboxRow {
  _id: string;
  /** Dotted event name; `src/subscriptions.ts` says who reacts. */
  event: string;
  payload: Record<string, unknown>;
  /** Request that made the promise, for the log lines of its jobs. */
  requestId: string | null;
  createdAt: Date;
  /** When the relay looks at the row (again). */
  dueAt: Date;
  attempts: number;
  /** Names of the subscribers, written when the relay first dispatches the row. */
  subscribers: string[];
  /** Subscribers whose effect is recorded. */
  doneBy: string[];
  /** Set once every subscriber is in `doneBy`. */
  doneAt: Date | null;
}

const KEPT_SECONDS = 7 * 24 * 3600;

const outboxSchema = new Schema<OutboxRow>(
  {
    _id: { type: String, default: newId },
    event: { type: String, required: true },
    payload: { type: Schema.Types.Mixed, required: true },
    requestId: { type: String, default: null },
    createdAt: { type: Date, required: true },
    dueAt: { type: Date, required: true },
    attempts: { type: Number, required: true, default: 0 },
    subscribers: { type: [String], required: true, default: [] },
    doneBy: { type: [String], required: true, default: [] },
    doneAt: { type: Date, default: null },
  },
  { collection: 'outbox', versionKey: false },
);
// Serves relayDueRows: what is not done and due, oldest first.
outboxSchema.index({ dueAt: 1, _id: 1 }, { partialFilterExpression: { doneAt: null } });
// Serves the clean-up: rows leave a week after they are done, never before.
outboxSchema.index({ doneAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export const OutboxModel = model('Outbox', outboxSchema);
