import { config } from '../../config/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { cancelTimers, scheduleTimer } from '../../infra/timers/index.ts';
import { now, secondsFromNow } from '../../shared/clock.ts';
import type { Breakdown } from '../pricing/index.ts';
import { awaitAcceptance } from './kitchen/kitchen-timers.ts';
import { PAY_TIMER, RELEASE_TIMER } from './order-command.service.ts';
import type { EventActor } from './order-event.model.ts';
import { writeEvents } from './order-log.service.ts';
import { transitionOf } from './order.machine.ts';
import {
  OrderModel,
  type OrderAddress,
  type OrderCoupon,
  type OrderItem,
  type OrderRecord,
  type OrderRestaurant,
} from './order.model.ts';
import { type PaymentMethod, type Replacement } from './order-choices.ts';
import { tryTransition } from './order-transition.service.ts';
import { changesOf } from './replay/order-fields.ts';

const SYSTEM: EventActor = { role: 'system', id: null };
/** Of the payment that is written with the order. */
const FIRST_PAYMENT_STATUS = { card: 'requires_payment', cash: 'cod_due', none: 'settled' } as const satisfies Record<
  PaymentMethod,
  string
>;

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
  /** T3 of an order for a slot; null: it rings as soon as it is paid. */
  releaseAt: Date | null;
  deliveryAddress: OrderAddress | null;
  distanceMeters: number;
  paymentMethod: PaymentMethod;
  coupon: OrderCoupon | null;
  replacement: Replacement;
  promisedAt: Date;
  prepMinutes: number;
  commissionBasisPoints: number;
  notes?: string | undefined;
}

/** O1 or O2 before it is written, so that its answer is known when the transaction begins. */
export function draftOrder(input: NewOrder): OrderRecord {
  const { orderId, notes, ...agreed } = input;
  const at = now();
  return {
    ...agreed,
    _id: orderId,
    number: orderId.slice(-6).toUpperCase(),
    ...firstStand(input, at),
    courierId: null,
    amountDueMinor: input.pricing.totalMinor,
    amountRefundedMinor: 0,
    refundedByHandMinor: 0,
    disputedMinor: 0,
    tippedMinor: 0,
    liableParty: null,
    collectionCode: null,
    collectionTries: 0,
    collectUntil: null,
    courierFeeMinor: null,
    payAgainUntil: null,
    paymentStatus: FIRST_PAYMENT_STATUS[input.paymentMethod],
    deliveryStatus: null,
    notes: notes ?? null,
    reason: null,
    acceptedAt: null,
    readyEta: null,
    delays: 0,
    delayedMinutes: 0,
    openAmendmentId: null,
    amendments: 0,
    createdAt: at,
    updatedAt: at,
    endedAt: null,
  };
}

/** Who pays by card waits for the card (O1). Nobody waits for cash, or for nothing: the order is placed, or scheduled, at once (O2). */
function firstStand({ paymentMethod, releaseAt }: NewOrder, at: Date) {
  if (paymentMethod === 'card') {
    return { status: transitionOf('O1').to, version: 1, eventSeq: 1, placedAt: null };
  }
  const paid = isAhead(releaseAt, at) ? 'O4' : 'O2';
  return { status: transitionOf(paid).to, version: 2, eventSeq: 2, placedAt: paid === 'O2' ? at : null };
}

/** Writes a drafted order, its first events, and the timer of what it waits for, in the caller's transaction. */
export async function createOrder(tx: Tx, order: OrderRecord): Promise<void> {
  await OrderModel.collection.insertOne(order as never, { session: tx });
  const actor: EventActor = { role: 'customer', id: order.customerId };
  const { to, event: type } = transitionOf('O1');
  const changes = { ...changesOf(order), status: to, placedAt: null };
  const created = { seq: 1, type, actor, data: { status: to }, changes };
  await writeEvents(tx, order, order.status === to ? [created] : [created, { seq: 2, ...settledEvent(order) }]);
  await startWaiting(tx, order);
}

/** Of an order that waits for no card. */
function settledEvent({ status, customerId, releaseAt, placedAt }: OrderRecord) {
  const isPlaced = status === 'placed';
  const actor: EventActor = isPlaced ? { role: 'customer', id: customerId } : SYSTEM;
  const data = isPlaced ? { status } : { status, releaseAt: releaseAt?.toISOString() ?? null };
  return { type: transitionOf(isPlaced ? 'O2' : 'O4').event, actor, data, changes: { status, placedAt } };
}

/**
 * O3, or O4 while the kitchen need not know the dishes yet: the payment is authorised. Null where the order has ended meanwhile: the
 * caller gives the money back.
 */
export async function markOrderPaid(tx: Tx, orderId: string): Promise<OrderRecord | null> {
  const unpaid = await OrderModel.findById(orderId, { releaseAt: 1 })
    .session(tx)
    .lean<Pick<OrderRecord, 'releaseAt'>>();
  const releaseAt = unpaid?.releaseAt ?? null;
  const bySystem = { orderId, actor: SYSTEM, owner: {} };
  const order = isAhead(releaseAt, now())
    ? await tryTransition(tx, 'O4', { ...bySystem, data: { releaseAt: releaseAt?.toISOString() } })
    : await tryTransition(tx, 'O3', { ...bySystem, set: { placedAt: now() } });
  if (order === null) return null;
  await cancelTimers(tx, orderId, [PAY_TIMER]);
  await startWaiting(tx, order);
  return order;
}

/** O5, fired by T3: it rings in the kitchen. */
export async function releaseScheduledOrder(orderId: string): Promise<void> {
  await withTransaction(async (tx) => {
    const order = await tryTransition(tx, 'O5', { orderId, actor: SYSTEM, owner: {}, set: { placedAt: now() } });
    if (order !== null) await startWaiting(tx, order);
  });
}

/** The one place that sets the timer of what a new order waits for: its payment, its hour, or the kitchen's answer. */
async function startWaiting(tx: Tx, { _id: subjectId, status, releaseAt }: OrderRecord): Promise<void> {
  const { payTimeoutSeconds } = config.orders;
  if (status === 'pending_payment') {
    await scheduleTimer(tx, { kind: PAY_TIMER, subjectId, dueAt: secondsFromNow(payTimeoutSeconds) });
  } else if (status === 'scheduled') {
    await scheduleTimer(tx, { kind: RELEASE_TIMER, subjectId, dueAt: releaseAt ?? now() });
  } else {
    await awaitAcceptance(tx, subjectId);
  }
}

function isAhead(releaseAt: Date | null, at: Date): boolean {
  return releaseAt !== null && releaseAt > at;
}
