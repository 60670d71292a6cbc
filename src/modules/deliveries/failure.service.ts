import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import {
  runIdempotent,
  withTransaction,
  type IdempotentAnswer,
  type IdempotentRequest,
  type Tx,
} from '../../infra/mongo/index.ts';
import { cancelTimers } from '../../infra/timers/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { addMs, now } from '../../shared/clock.ts';
import {
  appendOrderEvent,
  failOrder,
  getOrderAtWork,
  getOrderIn,
  heldMinor,
  toOrderView,
  type EventActor,
  type OrderRecord,
  type OrderView,
} from '../orders/index.ts';
import { type LiableParty } from '../../shared/liable-party.ts';
import { assertNotOwnSide } from '../staff/index.ts';
import { assertNotFar, nearnessOf, type Nearness } from './at-the-door.service.ts';
import { assertHandoverCode, isSameCode } from './code-tries.service.ts';
import { freeCourier } from './courier-claims.service.ts';
import { deliveries, type DeliveryRecord } from './delivery.model.ts';
import { invalidTransition, moveDelivery } from './delivery-transition.service.ts';
import {
  bearerOf,
  CONTACT_ATTEMPTS,
  needsWaiting,
  settleFailure,
  wayFeeMinor,
  type ContactChannel,
  type Disposal,
  type FailureReason,
} from './failure.policy.ts';
import { newCode } from './new-delivery.ts';
import { CARRYING_TIMERS } from './timer-kinds.ts';
import { waitUntil } from './wait-at-the-door.service.ts';

export interface Failure {
  reason: FailureReason;
  disposal: Disposal;
}

/** Enough for anybody who means it. */
const MAX_ATTEMPTS = 10;

/** The courier has called, written or rung; two of these and the wait allow the delivery to fail. */
export async function attemptContact(
  tx: Tx,
  delivery: DeliveryRecord,
  channel: ContactChannel,
): Promise<DeliveryRecord> {
  if (delivery.status !== 'at_dropoff') throw invalidTransition(delivery.status);
  if (delivery.contactAttempts.length >= MAX_ATTEMPTS) return delivery;
  const { _id, status, version, courierId, orderId } = delivery;
  const nearness = await nearnessOf(tx, delivery);
  assertNotFar(nearness);
  const { distanceMeters } = nearness;
  const at = now();
  const attempted = await deliveries().findOneAndUpdate(
    { _id, status, version, courierId },
    { $push: { contactAttempts: { channel, at, distanceMeters } }, $set: { updatedAt: at }, $inc: { version: 1 } },
    { session: tx, returnDocument: 'after' },
  );
  if (attempted === null) throw invalidTransition(status);
  const actor = { role: 'courier' as const, id: courierId };
  await appendOrderEvent(tx, { orderId, type: 'delivery.contact_attempted', actor, data: { channel, ...nearness } });
  return attempted;
}

/**
 * O20 by the courier. The food goes back to the restaurant, or is thrown away where it is.
 * @throws AppError `dropoff_wait_not_over` with what is missing, `too_far_from_door`, `invalid_transition`
 */
export async function failByCourier(tx: Tx, delivery: DeliveryRecord, failure: Failure): Promise<DeliveryRecord> {
  const nearness = await nearnessOf(tx, delivery);
  const isBlaming = needsWaiting(failure.reason);
  if (isBlaming) assertNotFar(nearness);
  assertWaited(delivery, failure.reason, await getOrderIn(tx, delivery.orderId));
  const actor = { role: 'courier' as const, id: delivery.courierId };
  const failed = await fail(tx, { delivery, actor, ...failure, liableParty: bearerOf(failure.reason), nearness });
  if (isBlaming && !wasSeenThere(delivery, nearness)) await askForReview(tx, delivery);
  return failed;
}

/** Every time it mattered. */
function wasSeenThere({ doorDistanceMeters, contactAttempts }: DeliveryRecord, { isNear }: Nearness): boolean {
  const distances = [doorDistanceMeters, ...contactAttempts.map((attempt) => attempt.distanceMeters)];
  return isNear === true && distances.every((distance) => distance != null);
}

/** The customer pays, and nobody knows whether the courier was there: operations look at it. */
async function askForReview(tx: Tx, { orderId }: DeliveryRecord): Promise<void> {
  const actor = { role: 'system' as const, id: null };
  await appendOrderEvent(tx, { orderId, type: 'delivery.failed_unseen', actor, data: {} });
}

/**
 * O20 by the office, which need not wait and says who bears it.
 * @throws AppError `not_found`, `own_side`, `invalid_transition`
 */
export async function failDelivery(
  input: Failure & { orderId: string; liableParty?: LiableParty | undefined; idempotency: IdempotentRequest },
  actor: Actor,
): Promise<IdempotentAnswer<OrderView>> {
  const { orderId, reason, disposal, liableParty = bearerOf(reason) } = input;
  return runIdempotent(input.idempotency, async (tx) => {
    const delivery = await deliveries().findOne({ orderId }, { session: tx });
    if (delivery === null) throw new AppError('not_found');
    await assertNotOwnSide(delivery, actor);
    const role = actor.roles.includes('admin') ? ('admin' as const) : ('support' as const);
    const failing = { delivery, actor: { role, id: actor.userId }, reason, disposal, liableParty };
    const isReturning = delivery.status === 'returning' && disposal === 'discard';
    await (isReturning ? giveUpReturn(tx, failing) : fail(tx, failing));
    const after = { status: 'failed', liableParty, disposal };
    await recordAudit(tx, {
      event: 'order.failed',
      subjectId: orderId,
      reason,
      before: { status: delivery.status },
      after,
    });
    return toOrderView(await getOrderIn(tx, orderId), actor);
  });
}

/** Nobody is there to take the food back. Who bears it was settled when the order ended; the courier is free. */
async function giveUpReturn(
  tx: Tx,
  { delivery, actor, reason }: Pick<Failing, 'delivery' | 'actor' | 'reason'>,
): Promise<void> {
  const data = { reason, disposal: 'discard' };
  await moveDelivery(tx, 'giveUpReturn', { delivery, actor, data, set: { endedAt: now() }, needsOpenOrder: false });
  await freeCourier(tx, delivery);
}

function assertWaited(
  { atDropoffAt, contactAttempts, status }: DeliveryRecord,
  reason: FailureReason,
  order: OrderRecord,
): void {
  if (!needsWaiting(reason)) return;
  if (atDropoffAt === null) throw status === 'at_dropoff' ? notArrived() : invalidTransition(status);
  const until = waitUntil(order, atDropoffAt);
  const contactsLeft = Math.max(0, CONTACT_ATTEMPTS - contactAttempts.length);
  if (until <= now() && contactsLeft === 0) return;
  throw new AppError('dropoff_wait_not_over', { details: { until: until.toISOString(), contactsLeft } });
}

/** Arrived from afar, and never said so again from the door. */
function notArrived(): AppError {
  const until = addMs(now(), config.dispatch.dropoffWaitSeconds * 1000).toISOString();
  return new AppError('dropoff_wait_not_over', { details: { until, contactsLeft: CONTACT_ATTEMPTS } });
}

interface Failing extends Failure {
  delivery: DeliveryRecord;
  actor: EventActor;
  liableParty: LiableParty;
  /** Of the courier who says so. */
  nearness?: Nearness;
}

/** Delivery and order in one transaction; a courier who throws the food away is free, one who returns it carries it back. */
async function fail(tx: Tx, failing: Failing): Promise<DeliveryRecord> {
  const { delivery, actor, reason, disposal, liableParty, nearness } = failing;
  const { orderId, feeMinor } = delivery;
  const isOver = disposal === 'discard';
  const failed = await moveDelivery(tx, 'fail', {
    ...{ delivery, actor, data: { reason, disposal, liableParty, ...nearness } },
    set: isOver ? { endedAt: now() } : {},
  });
  const order = await getOrderIn(tx, orderId);
  const money = { heldMinor: heldMinor(order), tipMinor: order.pricing.tipMinor, feeMinor };
  await failOrder(tx, { orderId, actor, reason, liableParty, ...settleFailure(money, liableParty) });
  await cancelTimers(tx, delivery._id, CARRYING_TIMERS);
  if (isOver) {
    await freeCourier(tx, delivery);
    return failed;
  }
  return sendBack(tx, failed, actor);
}

function sendBack(tx: Tx, delivery: DeliveryRecord, actor: EventActor): Promise<DeliveryRecord> {
  const set = { handoverCode: newCode(delivery.handoverCode), handoverTries: 0 };
  return moveDelivery(tx, 'startReturn', { delivery, actor, set, needsOpenOrder: false });
}

/** The office has ended an order whose food is on the road: the courier carries it back, and is paid for the way. */
export async function callBack(tx: Tx, delivery: DeliveryRecord): Promise<void> {
  const actor = { role: 'system' as const, id: null };
  const { amountDueMinor, liableParty, pricing } = await getOrderIn(tx, delivery.orderId);
  const way = { tipMinor: pricing.tipMinor, feeMinor: delivery.feeMinor, isPaid: amountDueMinor >= pricing.totalMinor };
  const failed = await moveDelivery(tx, 'fail', {
    ...{ delivery, actor, data: { reason: 'order_cancelled', disposal: 'return' }, needsOpenOrder: false },
    orderSet: { courierFeeMinor: wayFeeMinor(way, liableParty ?? 'platform') },
  });
  await cancelTimers(tx, delivery._id, CARRYING_TIMERS);
  await sendBack(tx, failed, actor);
}

/**
 * The restaurant takes back food that found nobody, from the courier who shows the code; the courier is free. Taken back already:
 * answers unchanged.
 * @throws AppError `not_found`, `forbidden`, `invalid_transition`; `handover_code_wrong`, `handover_code_locked`
 */
export async function takeBackOrder(
  { orderId, code }: { orderId: string; code: string },
  actor: Actor,
): Promise<OrderView> {
  const { order, viewer } = await getOrderAtWork(orderId, actor, 'order.cook');
  const delivery = await deliveries().findOne({ orderId });
  if (delivery?.status === 'returned') return toOrderView(order, viewer);
  if (delivery?.status !== 'returning') throw invalidTransition(delivery?.status ?? order.status);
  await assertHandoverCode(delivery, code);
  await withTransaction(async (tx) => {
    const current = await deliveries().findOne({ orderId, status: 'returning' }, { session: tx });
    // Another request of the restaurant was quicker.
    if (current === null) return;
    if (!isSameCode(current.handoverCode, code)) throw invalidTransition(current.status);
    const by = { role: 'restaurant' as const, id: actor.userId };
    const set = { endedAt: now() };
    await moveDelivery(tx, 'return', { delivery: current, actor: by, set, needsOpenOrder: false });
    await freeCourier(tx, current);
  });
  return withTransaction(async (tx) => toOrderView(await getOrderIn(tx, orderId), viewer));
}
