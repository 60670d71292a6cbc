import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { appendOrderEvent, type EventActor, type OrderRecord, type OrderStatus } from '../orders/index.ts';
import { canTransition, DELIVERY_TRANSITIONS, type DeliveryTransition } from './delivery.machine.ts';
import { deliveries, type DeliveryRecord } from './delivery.model.ts';

/** While an order is in one of these, its delivery may move. */
export const DELIVERABLE_ORDER: readonly OrderStatus[] = ['accepted', 'preparing', 'ready', 'picked_up'];

/** Creation has its own writer. */
type TakenTransition = Exclude<DeliveryTransition, 'create'>;

interface Move {
  /** As read in this transaction. */
  delivery: DeliveryRecord;
  actor: EventActor;
  set?: Partial<DeliveryRecord>;
  /** Order fields that follow, besides `deliveryStatus`. */
  orderSet?: Partial<Pick<OrderRecord, 'courierId' | 'courierFeeMinor'>>;
  /** For every party to read: no PIN, no code, no address. */
  data?: Record<string, unknown>;
  /** False for the moves that follow the end of an order: its cancellation, and the way back of its food. */
  needsOpenOrder?: boolean;
}

/**
 * Takes a transition of the table: a conditional update on status, version and courier, the event in the order's log, its outbox
 * row. An order that has ended meanwhile refuses the move of its delivery.
 * @throws AppError `invalid_transition` with the current status
 */
export async function moveDelivery(tx: Tx, name: TakenTransition, move: Move): Promise<DeliveryRecord> {
  const { delivery, actor, set, orderSet, data, needsOpenOrder = true } = move;
  const { to, event } = DELIVERY_TRANSITIONS[name];
  const actors: readonly EventActor['role'][] = DELIVERY_TRANSITIONS[name].actors;
  // Routes let the right roles in; a use case that takes somebody else's transition is a fault of ours.
  if (!actors.includes(actor.role)) throw new Error(`${actor.role} may not take ${name}`);
  if (!canTransition(name, delivery.status)) throw invalidTransition(delivery.status);
  const { _id, orderId, status, version, courierId } = delivery;
  const moved = await deliveries().findOneAndUpdate(
    { _id, status, version, courierId },
    { $set: { ...set, status: to, updatedAt: now() }, $inc: { version: 1 } },
    { session: tx, returnDocument: 'after' },
  );
  if (moved === null) throw invalidTransition(delivery.status);
  const order = await appendOrderEvent(tx, {
    orderId,
    type: event,
    actor,
    data: { deliveryStatus: to, ...data },
    set: { ...orderSet, deliveryStatus: to },
    ...(needsOpenOrder ? { where: { status: { $in: [...DELIVERABLE_ORDER] } } } : {}),
  });
  if (order === null) throw invalidTransition(delivery.status);
  return moved;
}

export function invalidTransition(status: string): AppError<'invalid_transition'> {
  return new AppError('invalid_transition', { details: { status } });
}
