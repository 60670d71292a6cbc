import { Schema, model } from 'mongoose';
import { newId } from '../../shared/ids.ts';
import type { OrderEventType } from './order.events.ts';
import type { Logged } from './replay/order-fields.ts';

export interface EventActor {
  role: 'customer' | 'restaurant' | 'courier' | 'support' | 'admin' | 'system';
  id: string | null;
}

/** One line of an order's log. Order, payment and delivery share the seq. Append-only. */
export interface OrderEventRecord {
  _id: string;
  orderId: string;
  /** 1, 2, 3 … without a gap. */
  seq: number;
  type: OrderEventType;
  actor: EventActor;
  /** May be shown to every party, also to a kitchen: no PIN, no code, no address, no sum of money. */
  data: Record<string, unknown>;
  /** The order's fields as they are from this event on, for the replay; shown to nobody. Absent: older than that. */
  changes?: Partial<Logged>;
  at: Date;
}

const orderEventSchema = new Schema<OrderEventRecord>(
  {
    _id: { type: String, default: newId },
    orderId: { type: String, required: true },
    seq: { type: Number, required: true },
    type: { type: String, required: true },
    actor: { type: Schema.Types.Mixed, required: true },
    data: { type: Schema.Types.Mixed, required: true },
    changes: { type: Schema.Types.Mixed },
    at: { type: Date, required: true },
  },
  // An event that changes nothing says so.
  { collection: 'order_events', versionKey: false, minimize: false },
);
// Serves listOrderEvents, and findEndOf, which reads one order's log from its end; unique, so that two writers can never share a seq.
orderEventSchema.index({ orderId: 1, seq: 1 }, { unique: true });

export const OrderEventModel = model('OrderEvent', orderEventSchema);
