import { AppError } from '../../errors/index.ts';
import { runIdempotent, type IdempotentAnswer, type IdempotentRequest, type Tx } from '../../infra/mongo/index.ts';
import { cancelTimers } from '../../infra/timers/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import { completeOrder, type EventActor } from '../orders/index.ts';
import { cashDueMinor, takeCash } from './cash-at-the-door.service.ts';
import { isSameCode, judgeGuess, MAX_TRIES } from './code-tries.service.ts';
import { freeCourier } from './courier-claims.service.ts';
import { getCourier } from './couriers.service.ts';
import { toAssignmentView, type AssignmentView } from './deliveries.presenter.ts';
import { BEFORE_ASSIGNMENT, BEFORE_PICKUP, HAS_FAILED, LIVE, transitionOf } from './delivery.machine.ts';
import { deliveries, type DeliveryRecord } from './delivery.model.ts';
import { invalidTransition, moveDelivery } from './delivery-transition.service.ts';
import { attemptContact, failByCourier, type Failure } from './failure.service.ts';
import type { ContactChannel } from './failure.policy.ts';
import { newCode } from './new-delivery.ts';
import { release } from './release.service.ts';
import { CARRYING_TIMERS } from './timer-kinds.ts';
import { arriveAtDropoff } from './wait-at-the-door.service.ts';

export type DeliveryCommand =
  | { type: 'en_route_pickup' | 'arrived_pickup' | 'arrived_dropoff' | 'released' }
  | { type: 'contact_attempted'; channel: ContactChannel }
  | ({ type: 'failed' } & Failure)
  | { type: 'delivered'; pin: string; cashCollectedMinor?: number | undefined };

const TRANSITION_OF = {
  en_route_pickup: 'setOut',
  arrived_pickup: 'arriveAtPickup',
  arrived_dropoff: 'arriveAtDropoff',
  delivered: 'deliver',
  released: 'release',
  failed: 'fail',
} as const;

/** What the courier has in hand. @throws AppError `not_found` with empty hands */
export async function getCurrentDelivery(
  actor: Actor,
): Promise<{ delivery: DeliveryRecord; cashMinor: number | null }> {
  const { activeDeliveryId } = await getCourier(actor);
  const delivery = await deliveries().findOne({ _id: activeDeliveryId ?? '', courierId: actor.userId });
  if (delivery === null) throw new AppError('not_found');
  return { delivery, cashMinor: await cashDueMinor(delivery) };
}

/**
 * The courier reports a step. A step that is taken already answers unchanged.
 * @throws AppError `invalid_transition`; `delivery_pin_wrong`, `delivery_pin_locked`; `cash_amount_wrong`;
 *   `dropoff_wait_not_over`, `too_far_from_door`; `not_found` for somebody else's delivery
 */
export async function recordDeliveryEvent(
  input: { deliveryId: string; command: DeliveryCommand; idempotency: IdempotentRequest },
  actor: Actor,
): Promise<IdempotentAnswer<AssignmentView>> {
  const { deliveryId, command, idempotency } = input;
  // Before the transaction: a refusal aborts it, and the count must stand.
  if (command.type === 'delivered') await assertPin(deliveryId, command.pin, actor.userId);
  return runIdempotent(idempotency, async (tx) => {
    const delivery = await deliveries().findOne({ _id: deliveryId, courierId: actor.userId }, { session: tx });
    if (delivery === null) throw new AppError('not_found');
    return toAssignmentView(isTaken(delivery, command) ? delivery : await takeStep(tx, delivery, command));
  });
}

/**
 * A new code for the restaurant, with all its tries.
 * @throws AppError `invalid_transition` once the food is handed over, `not_found` for somebody else's delivery
 */
export async function renewHandoverCode(deliveryId: string, actor: Actor): Promise<{ handoverCode: string }> {
  const delivery = await deliveries().findOne({ _id: deliveryId, courierId: actor.userId });
  if (delivery === null) throw new AppError('not_found');
  return { handoverCode: await renewCode(delivery, 'handoverCode') };
}

/**
 * A new PIN for the courier, with all its tries; the old one is worth nothing.
 * @throws AppError `invalid_transition` once the delivery has ended, `not_found` for somebody else's order
 */
export async function renewDeliveryPin(orderId: string, actor: Actor): Promise<{ pin: string }> {
  const delivery = await deliveries().findOne({ orderId, customerId: actor.userId });
  if (delivery === null) throw new AppError('not_found');
  return { pin: await renewCode(delivery, 'pin') };
}

async function assertPin(deliveryId: string, given: string, courierId: string): Promise<void> {
  const where = { _id: deliveryId, courierId, status: 'at_dropoff' as const };
  const verdict = await judgeGuess({ where, code: 'pin', given });
  if (verdict === null) {
    const delivery = await deliveries().findOne(where, { projection: { _id: 1 } });
    // In any other status no PIN is asked for, and the machine has the answer.
    if (delivery !== null) throw new AppError('delivery_pin_locked');
  } else if (!verdict.isRight) {
    throw new AppError('delivery_pin_wrong', { details: { attemptsLeft: verdict.triesLeft } });
  }
}

function isTaken({ status, atDropoffAt }: DeliveryRecord, { type }: DeliveryCommand): boolean {
  // Each attempt counts.
  if (type === 'contact_attempted') return false;
  // Who arrived from afar arrives again.
  if (type === 'arrived_dropoff' && status === 'at_dropoff') return atDropoffAt !== null;
  if (type === 'failed') return HAS_FAILED.includes(status);
  return status === transitionOf(TRANSITION_OF[type]).to;
}

async function takeStep(tx: Tx, delivery: DeliveryRecord, command: DeliveryCommand): Promise<DeliveryRecord> {
  const actor: EventActor = { role: 'courier', id: delivery.courierId };
  switch (command.type) {
    case 'delivered':
      return deliver(tx, { delivery, actor, command });
    case 'released':
      return release(tx, delivery, { actor });
    case 'failed':
      return failByCourier(tx, delivery, command);
    case 'contact_attempted':
      return attemptContact(tx, delivery, command.channel);
    case 'arrived_dropoff':
      return arriveAtDropoff(tx, delivery, actor);
    default:
      return moveDelivery(tx, TRANSITION_OF[command.type], { delivery, actor });
  }
}

interface AtTheDoor {
  delivery: DeliveryRecord;
  actor: EventActor;
  command: Extract<DeliveryCommand, { type: 'delivered' }>;
}

/** O13: the PIN is the proof. */
async function deliver(tx: Tx, { delivery, actor, command }: AtTheDoor): Promise<DeliveryRecord> {
  const delivered = await moveDelivery(tx, 'deliver', { delivery, actor, set: { endedAt: now() } });
  // The customer may have shown a new one since the guess was judged.
  if (!isSameCode(delivery.pin, command.pin)) {
    throw new AppError('delivery_pin_wrong', { details: { attemptsLeft: MAX_TRIES - delivery.pinTries } });
  }
  await takeCash(tx, delivery, command.cashCollectedMinor);
  await freeCourier(tx, delivery);
  await cancelTimers(tx, delivery._id, CARRYING_TIMERS);
  await completeOrder(tx, { orderId: delivery.orderId, actor, courierFeeMinor: delivery.feeMinor });
  return delivered;
}

/** While somebody may still be asked for it. */
const ASKED_FOR = {
  pin: { tries: 'pinTries', statuses: [...BEFORE_ASSIGNMENT, ...LIVE] },
  handoverCode: { tries: 'handoverTries', statuses: [...BEFORE_PICKUP, 'returning'] },
} as const;

async function renewCode(delivery: DeliveryRecord, code: keyof typeof ASKED_FOR): Promise<string> {
  const { tries, statuses } = ASKED_FOR[code];
  const renewed = newCode(delivery[code]);
  const { _id, courierId } = delivery;
  const { matchedCount } = await deliveries().updateOne(
    { _id, ...(code === 'handoverCode' ? { courierId } : {}), status: { $in: [...statuses] } },
    { $set: { [code]: renewed, [tries]: 0, updatedAt: now() } },
  );
  if (matchedCount === 0) throw invalidTransition(delivery.status);
  return renewed;
}
