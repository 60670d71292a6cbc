import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import type { Actor } from '../../shared/actor.ts';
import {
  runIdempotent,
  withTransaction,
  type IdempotentAnswer,
  type IdempotentRequest,
  type Tx,
} from '../../infra/mongo/index.ts';
import { cancelTimers, scheduleTimer } from '../../infra/timers/index.ts';
import { addMs, now, secondsFromNow } from '../../shared/clock.ts';
import type { StaffPermission } from '../../shared/permissions.ts';
import type { Breakdown } from '../pricing/index.ts';
import type { EventActor } from './order-event.model.ts';
import { appendOrderEvent, writeEvents } from './order-log.service.ts';
import { impliedSteps, transitionOf } from './order.machine.ts';
import { canSeeTotals, type OrderViewer } from './order.policy.ts';
import {
  OrderModel,
  type OrderAddress,
  type OrderCoupon,
  type OrderItem,
  type OrderRecord,
  type OrderRestaurant,
  type PaymentMethod,
  type Replacement,
} from './order.model.ts';
import { takeTransition, tryTransition, type TransitionRequest } from './order-transition.service.ts';
import { toOrderView, type OrderView } from './orders.presenter.ts';
import { getOrderAtWork } from './orders.queries.ts';

/** T1 belongs to payments, which asks the provider before an order expires. */
export const PAY_TIMER = 'order.pay';
export const ACCEPT_TIMER = 'order.accept';

const SYSTEM: EventActor = { role: 'system', id: null };

export interface NewOrder {
  orderId: string;
  paymentId: string;
  quoteId: string;
  customerId: string;
  restaurantId: string;
  ownerId: string;
  currency: string;
  items: OrderItem[];
  pricing: Breakdown;
  restaurant: OrderRestaurant;
  mode: OrderRecord['mode'];
  slot: OrderRecord['slot'];
  deliveryAddress: OrderAddress | null;
  distanceMeters: number;
  paymentMethod: PaymentMethod;
  coupon: OrderCoupon | null;
  replacement: Replacement;
  promisedAt: Date;
  prepMinutes: number;
  notes?: string | undefined;
}

/** O1 before it is written, so that its answer is known when the transaction begins. */
export function draftOrder(input: NewOrder): OrderRecord {
  const { orderId, notes, ...agreed } = input;
  const at = now();
  return {
    ...agreed,
    _id: orderId,
    number: orderId.slice(-6).toUpperCase(),
    status: transitionOf('O1').to,
    version: 1,
    eventSeq: 1,
    courierId: null,
    releaseAt: null,
    amountDueMinor: input.pricing.totalMinor,
    amountRefundedMinor: 0,
    liableParty: null,
    collectionCode: null,
    collectionTries: 0,
    courierFeeMinor: null,
    payAgainUntil: null,
    paymentStatus: 'requires_payment',
    deliveryStatus: null,
    notes: notes ?? null,
    reason: null,
    readyEta: null,
    createdAt: at,
    updatedAt: at,
    placedAt: null,
    endedAt: null,
  };
}

/** O1: writes a drafted order, its first event, and T1, in the caller's transaction. */
export async function createOrder(tx: Tx, order: OrderRecord): Promise<void> {
  await OrderModel.collection.insertOne(order as never, { session: tx });
  const actor: EventActor = { role: 'customer', id: order.customerId };
  await writeEvents(tx, order, [{ seq: 1, type: transitionOf('O1').event, actor, data: { status: order.status } }]);
  await scheduleTimer(tx, {
    kind: PAY_TIMER,
    subjectId: order._id,
    dueAt: secondsFromNow(config.orders.payTimeoutSeconds),
  });
}

/** O3: the payment is authorised. Null where the order has ended meanwhile: the caller gives the money back. */
export async function markOrderPaid(tx: Tx, orderId: string): Promise<OrderRecord | null> {
  const order = await tryTransition(tx, 'O3', { orderId, actor: SYSTEM, owner: {}, set: { placedAt: now() } });
  if (order === null) return null;
  await cancelTimers(tx, orderId, [PAY_TIMER]);
  await scheduleTimer(tx, {
    kind: ACCEPT_TIMER,
    subjectId: orderId,
    dueAt: secondsFromNow(config.orders.acceptTimeoutSeconds),
  });
  return order;
}

/** O6, called by payments once the provider has confirmed that nothing was paid. */
export async function expireUnpaidOrder(tx: Tx, orderId: string): Promise<OrderRecord | null> {
  return tryTransition(tx, 'O6', { orderId, actor: SYSTEM, owner: {} });
}

/** O9, fired by T2. */
export async function expireUnansweredOrder(orderId: string): Promise<void> {
  await withTransaction((tx) => tryTransition(tx, 'O9', { orderId, actor: SYSTEM, owner: {} }));
}

interface CommandInput {
  orderId: string;
  idempotency: IdempotentRequest;
}

/** O7. Capture and delivery follow from the event. */
export async function acceptOrder(
  input: CommandInput & { prepMinutes: number },
  actor: Actor,
): Promise<IdempotentAnswer<OrderView>> {
  const { prepMinutes } = input;
  return takeCommand('O7', input, {
    ...(await asRestaurant(input.orderId, actor, 'order.accept')),
    data: { prepMinutes },
    set: { prepMinutes, readyEta: addMs(now(), prepMinutes * 60_000) },
  });
}

/** O8. The hold is released by payments on the event. */
export async function rejectOrder(
  input: CommandInput & { reason: string },
  actor: Actor,
): Promise<IdempotentAnswer<OrderView>> {
  const { reason } = input;
  const asStaff = await asRestaurant(input.orderId, actor, 'order.reject');
  return takeCommand('O8', input, { ...asStaff, data: { reason }, set: { reason } });
}

/** O16: free while nobody cooks. Later cancellations have a price and come with their policy. */
export function cancelOrder(
  input: CommandInput & { reason?: string | undefined },
  actor: Actor,
): Promise<IdempotentAnswer<OrderView>> {
  const { reason = 'changed_mind' } = input;
  return takeCommand('O16', input, {
    viewer: actor,
    actor: { role: 'customer', id: actor.userId },
    owner: { customerId: actor.userId },
    data: { reason },
    set: { reason },
  });
}

type Command = Omit<TransitionRequest, 'orderId'> & { viewer: OrderViewer };

/** A party's decision behind an Idempotency-Key; whatever it is, nobody waits for payment or acceptance any more. */
async function takeCommand(
  name: 'O7' | 'O8' | 'O16',
  { orderId, idempotency }: CommandInput,
  { viewer, ...request }: Command,
): Promise<IdempotentAnswer<OrderView>> {
  const { answer, isReplay } = await runIdempotent(idempotency, async (tx) => {
    const { order } = await takeTransition(tx, name, { orderId, ...request });
    await cancelTimers(tx, orderId, [PAY_TIMER, ACCEPT_TIMER]);
    return toOrderView(order, viewer);
  });
  // The stored answer may be older than the viewer's role.
  return { answer: canSeeTotals(answer, viewer) ? answer : { ...answer, totals: null }, isReplay };
}

/**
 * Asked outside the idempotent part: a replay, too, is only for who works there still. The transition asks for the restaurant again.
 * @throws AppError `not_found`, `forbidden`
 */
async function asRestaurant(orderId: string, actor: Actor, permission: StaffPermission): Promise<Command> {
  const { order, viewer } = await getOrderAtWork(orderId, actor, permission);
  return { viewer, actor: { role: 'restaurant', id: actor.userId }, owner: { restaurantId: order.restaurantId } };
}

/** O10 */
export function markOrderPreparing(orderId: string, actor: Actor): Promise<OrderView> {
  return moveByRestaurant('O10', orderId, actor);
}

/** O11 */
export function markOrderReady(orderId: string, actor: Actor): Promise<OrderView> {
  return moveByRestaurant('O11', orderId, actor);
}

async function moveByRestaurant(name: 'O10' | 'O11', orderId: string, actor: Actor): Promise<OrderView> {
  const { viewer, ...asStaff } = await asRestaurant(orderId, actor, 'order.cook');
  const { order } = await withTransaction((tx) => takeTransition(tx, name, { orderId, ...asStaff }));
  return toOrderView(order, viewer);
}

interface HandoverInput {
  orderId: string;
  actor: EventActor;
}

/** O12, in the transaction of the hand-over. Steps left out before are written as implied events. */
export async function pickUpOrder(tx: Tx, { orderId, actor }: HandoverInput): Promise<OrderRecord> {
  const current = await OrderModel.findById(orderId).session(tx).lean();
  if (current === null) throw new AppError('not_found');
  for (const step of impliedSteps(current.status)) {
    await takeTransition(tx, step, { orderId, actor, owner: {}, data: { isImplied: true } });
  }
  return (await takeTransition(tx, 'O12', { orderId, actor, owner: {} })).order;
}

/** O13, in the transaction of the delivery; the proof was checked there. */
export async function completeOrder(tx: Tx, { orderId, actor }: HandoverInput): Promise<OrderRecord> {
  return (await takeTransition(tx, 'O13', { orderId, actor, owner: {} })).order;
}

/** Mirrors the state of the payment on the order, as an event of its log; null where `where` does not hold. */
export async function recordPaymentEvent(
  tx: Tx,
  event: {
    orderId: string;
    type: `payment.${'authorized' | 'captured' | 'voided' | 'refunded' | 'failed' | 'problem'}`;
    paymentStatus: string;
  },
  where: Record<string, unknown> = {},
): Promise<OrderRecord | null> {
  return appendOrderEvent(tx, {
    orderId: event.orderId,
    type: event.type,
    actor: SYSTEM,
    data: { paymentStatus: event.paymentStatus },
    set: { paymentStatus: event.paymentStatus },
    where,
  });
}
