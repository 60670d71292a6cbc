import { AppError, type FieldProblem } from '../../errors/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { withTransaction, type IdempotentAnswer, type Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { markSoldOut } from '../menu/index.ts';
import { cookingFrom } from './cooking-from.ts';
import { ACCEPT_TIMER } from './kitchen/kitchen-timers.ts';
import { isPutOff } from './kitchen/reminders.service.ts';
import type { EventActor } from './order-event.model.ts';
import { appendOrderEvent } from './order-log.service.ts';
import type { OrderEventType } from './order.events.ts';
import { impliedSteps } from './order.machine.ts';
import { asRestaurant, takeCommand, type CommandInput } from './order-command.service.ts';
import { OrderModel, type OrderRecord } from './order.model.ts';
import { readyToCollect, startCollection } from './collection/collection.service.ts';
import { assertPaidFor } from './order.policy.ts';
import { getOrderAtWork } from './orders.queries.ts';
import { takeTransition, tryTransition } from './order-transition.service.ts';
import { toOrderView, type OrderView } from './orders.presenter.ts';

const SYSTEM: EventActor = { role: 'system', id: null };
/** Payments follow it: what is held is released. */
const NOTHING_DUE = { amountDueMinor: 0 } as const;

/** O6, called by payments once the provider has confirmed that nothing was paid. */
export async function expireUnpaidOrder(tx: Tx, orderId: string): Promise<OrderRecord | null> {
  return tryTransition(tx, 'O6', { orderId, actor: SYSTEM, owner: {}, set: NOTHING_DUE });
}

/** O9, fired by T2, which was due at `dueAt`. */
export async function expireUnansweredOrder(orderId: string, dueAt: Date): Promise<void> {
  const set = { ...NOTHING_DUE, liableParty: 'restaurant' } as const;
  await withTransaction(async (tx) => {
    if (await isPutOff(tx, { kind: ACCEPT_TIMER, subjectId: orderId, dueAt })) return;
    await tryTransition(tx, 'O9', { orderId, actor: SYSTEM, owner: {}, set });
  });
}

/** O7. Capture and delivery follow from the event. @throws AppError `payment_open`: the hold was lost, and nobody cooks unpaid food */
export async function acceptOrder(
  input: CommandInput & { prepMinutes: number },
  actor: Actor,
): Promise<IdempotentAnswer<OrderView>> {
  const { prepMinutes } = input;
  const { order, viewer } = await getOrderAtWork(input.orderId, actor, 'order.accept');
  return takeCommand('O7', input, {
    ...{ viewer, actor: { role: 'restaurant', id: actor.userId }, owner: { restaurantId: order.restaurantId } },
    data: { prepMinutes },
    set: cookingFrom(order, now(), prepMinutes),
    andThen: (_tx, current) => {
      assertPaidFor(current);
    },
  });
}

/**
 * O8. The hold is released by payments on the event. Lines that are named have run out: their dishes are off the menu with it, until
 * the kitchen says otherwise.
 * @throws AppError `not_found`, `forbidden`, `invalid_transition`; `validation_failed` for a line that is not the order's
 */
export async function rejectOrder(
  { reason, soldOutLineIds = [], ...input }: CommandInput & { reason: string; soldOutLineIds?: string[] | undefined },
  actor: Actor,
): Promise<IdempotentAnswer<OrderView>> {
  const asStaff = await asRestaurant(input.orderId, actor, 'order.reject');
  return takeCommand('O8', input, {
    ...asStaff,
    data: { reason, ...(soldOutLineIds.length === 0 ? {} : { soldOutLineIds }) },
    set: { reason, ...NOTHING_DUE, liableParty: 'restaurant' },
    andThen: (tx, order) => markLinesSoldOut(tx, order, soldOutLineIds),
  });
}

async function markLinesSoldOut(tx: Tx, { items }: OrderRecord, lineIds: readonly string[]): Promise<void> {
  const dishes = new Map(items.map(({ lineId, itemId }) => [lineId, itemId]));
  const details = lineIds.flatMap((lineId, index): FieldProblem[] =>
    dishes.has(lineId)
      ? []
      : [{ path: `soldOutLineIds.${index}`, code: 'unknown', message: 'The order has no such line.' }],
  );
  if (details.length > 0) throw new AppError('validation_failed', { details });
  await markSoldOut(
    tx,
    lineIds.flatMap((lineId) => dishes.get(lineId) ?? []),
  );
}

/** O10 */
export async function markOrderPreparing(orderId: string, actor: Actor): Promise<OrderView> {
  const { viewer, ...asStaff } = await asRestaurant(orderId, actor, 'order.cook');
  const { order } = await withTransaction((tx) => takeTransition(tx, 'O10', { orderId, ...asStaff }));
  return toOrderView(order, viewer);
}

/** O11. A customer who collects gets a code, and T6 begins. @throws AppError `amendment_open` */
export async function markOrderReady(orderId: string, actor: Actor): Promise<OrderView> {
  const { order: seen, viewer } = await getOrderAtWork(orderId, actor, 'order.cook');
  const by = { actor: { role: 'restaurant' as const, id: actor.userId }, owner: { restaurantId: seen.restaurantId } };
  const ready = await withTransaction(async (tx) => {
    const { order, hasChanged } = await takeTransition(tx, 'O11', { orderId, ...by, ...readyToCollect(seen) });
    assertSettled(order);
    if (hasChanged) await startCollection(tx, order);
    return order;
  });
  return toOrderView(ready, viewer);
}

/** Nobody knows yet what is in the bag. @throws AppError `amendment_open` */
function assertSettled({ openAmendmentId }: OrderRecord): void {
  if (openAmendmentId != null) throw new AppError('amendment_open');
}

interface HandoverInput {
  orderId: string;
  actor: EventActor;
}

/** O12, in the transaction of the hand-over. Steps left out before are written as implied events. */
export async function pickUpOrder(tx: Tx, { orderId, actor }: HandoverInput): Promise<OrderRecord> {
  const current = await OrderModel.findById(orderId).session(tx).lean();
  if (current === null) throw new AppError('not_found');
  assertSettled(current);
  assertPaidFor(current);
  for (const step of impliedSteps(current.status)) {
    await takeTransition(tx, step, { orderId, actor, owner: {}, data: { isImplied: true } });
  }
  return (await takeTransition(tx, 'O12', { orderId, actor, owner: {} })).order;
}

/** O13, in the transaction of the delivery; the proof was checked there. What the courier earned with it goes to the books. */
export async function completeOrder(
  tx: Tx,
  { orderId, actor, courierFeeMinor }: HandoverInput & { courierFeeMinor: number },
): Promise<OrderRecord> {
  return (await takeTransition(tx, 'O13', { orderId, actor, owner: {}, set: { courierFeeMinor } })).order;
}

/** What the courier was given beside the bill, as an event of the order's log: the bill and its payment stay what they are. */
export async function recordTip(
  tx: Tx,
  tip: {
    orderId: string;
    type: 'order.tipped' | 'order.tip_refunded';
    amountMinor: number;
    tippedMinor: number;
    currency: string;
  },
): Promise<void> {
  const { orderId, type, tippedMinor, ...data } = tip;
  await appendOrderEvent(tx, { orderId, type, actor: SYSTEM, data: { ...data, tippedMinor }, set: { tippedMinor } });
}

/** Mirrors the state of the payment on the order, as an event of its log; null where `where` does not hold. */
export async function recordPaymentEvent(
  tx: Tx,
  event: {
    orderId: string;
    type: Extract<OrderEventType, `payment.${string}`>;
    paymentStatus: string;
    data?: Record<string, unknown>;
    set?: Pick<Partial<OrderRecord>, 'amountRefundedMinor' | 'refundedByHandMinor' | 'disputedMinor' | 'payAgainUntil'>;
  },
  where: Record<string, unknown> = {},
): Promise<OrderRecord | null> {
  const { orderId, type, paymentStatus, data, set } = event;
  return appendOrderEvent(tx, {
    ...{ orderId, type, actor: SYSTEM, where },
    data: { ...data, paymentStatus },
    set: { ...set, paymentStatus },
  });
}
