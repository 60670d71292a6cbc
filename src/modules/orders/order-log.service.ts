import { appendOutbox } from '../../infra/queue/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { OrderEventType, OrderMessage } from './order.events.ts';
import { OrderEventModel, type EventActor, type OrderEventRecord } from './order-event.model.ts';
import { OrderModel, type OrderRecord } from './order.model.ts';
import { changesOf, type Logged } from './replay/order-fields.ts';

interface NewEvent {
  type: OrderEventType;
  actor: EventActor;
  data: Record<string, unknown>;
}

interface EventOfOrder extends NewEvent {
  orderId: string;
  /** Fields of the order that change with the event. */
  set?: Partial<OrderRecord>;
  /** Further conditions on the order, e.g. its status and owner. */
  where?: Record<string, unknown>;
  /** The event changes the order's own status, so its version moves too. */
  movesVersion?: boolean;
}

interface SeqEvent extends NewEvent {
  seq: number;
  changes: Partial<Logged>;
}

/**
 * The only writer of an order's log: takes the next seq by a conditional update of the order, writes the event and its outbox row,
 * all in the caller's transaction. Two commands beside the update.
 * @returns the order after the change, or null when `where` did not match
 */
export async function appendOrderEvent(tx: Tx, event: EventOfOrder): Promise<OrderRecord | null> {
  const order = (await OrderModel.collection.findOneAndUpdate(
    { ...event.where, _id: event.orderId as never },
    {
      $set: { ...event.set, updatedAt: now() },
      $inc: { eventSeq: 1, ...(event.movesVersion === true ? { version: 1 } : {}) },
    },
    { session: tx, returnDocument: 'after' },
  )) as OrderRecord | null;
  if (order === null) return null;
  await writeEvents(tx, order, [{ ...event, seq: order.eventSeq, changes: changesOf(event.set ?? {}) }]);
  return order;
}

/** Writes events whose seqs the caller has taken (creation, implied steps). */
export async function writeEvents(tx: Tx, order: OrderRecord, events: SeqEvent[]): Promise<void> {
  const rows = events.map<OrderEventRecord>(({ seq, type, actor, data, changes }) => ({
    _id: newId(),
    orderId: order._id,
    seq,
    type,
    actor,
    data,
    changes,
    // The order's, so that a replay comes to the same.
    at: order.updatedAt,
  }));
  await OrderEventModel.collection.insertMany(rows as never[], { session: tx });
  await appendOutbox(
    tx,
    rows.map((row) => ({ event: row.type, payload: toMessage(order, row) })),
  );
}

function toMessage(order: OrderRecord, row: OrderEventRecord): OrderMessage {
  return {
    orderId: order._id,
    seq: row.seq,
    type: row.type,
    at: row.at.toISOString(),
    data: row.data,
    actor: row.actor,
    customerId: order.customerId,
    restaurantId: order.restaurantId,
    courierId: order.courierId,
  };
}
