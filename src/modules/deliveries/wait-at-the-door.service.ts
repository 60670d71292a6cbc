import { config } from '../../config/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { scheduleTimer } from '../../infra/timers/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { appendOrderEvent, getOrderIn, type EventActor, type OrderRecord } from '../orders/index.ts';
import { assertNotFar, nearnessOf, type Nearness } from './at-the-door.service.ts';
import { deliveries, type DeliveryRecord } from './delivery.model.ts';
import { invalidTransition, moveDelivery } from './delivery-transition.service.ts';
import { WAIT_TIMER } from './timer-kinds.ts';

/** Nobody need be at home before the slot that they asked for. */
export function waitUntil({ slot }: Pick<OrderRecord, 'slot'>, atDropoffAt: Date): Date {
  const from = slot !== null && slot.startAt > atDropoffAt ? slot.startAt : atDropoffAt;
  return addMs(from, config.dispatch.dropoffWaitSeconds * 1000);
}

/**
 * The courier is at the door: T7 begins. Who is known to be elsewhere arrives all the same, since customers come to meet couriers and
 * addresses are wrong by a street, but waits for nobody until they say so again from nearer.
 * @throws AppError `too_far_from_door` for who says it again from afar, `invalid_transition`
 */
export async function arriveAtDropoff(tx: Tx, delivery: DeliveryRecord, actor: EventActor): Promise<DeliveryRecord> {
  const nearness = await nearnessOf(tx, delivery);
  if (delivery.status === 'at_dropoff') return beginWait(tx, delivery, { actor, nearness });
  const isFar = nearness.isNear === false;
  const arrived = await moveDelivery(tx, 'arriveAtDropoff', {
    ...{ delivery, actor, data: { ...nearness } },
    set: { atDropoffAt: isFar ? null : now(), doorDistanceMeters: nearness.distanceMeters },
  });
  if (!isFar) await scheduleWait(tx, delivery);
  return arrived;
}

interface Arrival {
  actor: EventActor;
  nearness: Nearness;
}

async function beginWait(tx: Tx, delivery: DeliveryRecord, { actor, nearness }: Arrival): Promise<DeliveryRecord> {
  assertNotFar(nearness);
  const { _id, status, version, courierId, orderId } = delivery;
  const at = now();
  const set = { atDropoffAt: at, doorDistanceMeters: nearness.distanceMeters, updatedAt: at };
  const begun = await deliveries().findOneAndUpdate(
    { _id, status, version, courierId },
    { $set: set, $inc: { version: 1 } },
    { session: tx, returnDocument: 'after' },
  );
  if (begun === null) throw invalidTransition(status);
  const data = { deliveryStatus: status, ...nearness };
  await appendOrderEvent(tx, { orderId, type: 'delivery.at_dropoff', actor, data });
  await scheduleWait(tx, delivery);
  return begun;
}

async function scheduleWait(tx: Tx, { _id: subjectId, orderId }: DeliveryRecord): Promise<void> {
  const dueAt = waitUntil(await getOrderIn(tx, orderId), now());
  await scheduleTimer(tx, { kind: WAIT_TIMER, subjectId, dueAt });
}

/** T7 is over: the courier hears that the delivery may fail, and the customer that it will. */
export async function reportWaitOver(deliveryId: string): Promise<void> {
  await withTransaction(async (tx) => {
    const delivery = await deliveries().findOne({ _id: deliveryId, status: 'at_dropoff' }, { session: tx });
    if (delivery === null) return;
    const { orderId, contactAttempts } = delivery;
    const actor = { role: 'system' as const, id: null };
    const data = { contactAttempts: contactAttempts.length };
    await appendOrderEvent(tx, {
      orderId,
      type: 'delivery.wait_over',
      actor,
      data,
      where: { deliveryStatus: 'at_dropoff' },
    });
  });
}
