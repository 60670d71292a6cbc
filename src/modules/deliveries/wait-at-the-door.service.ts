import { config } from '../../config/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { scheduleTimer } from '../../infra/timers/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { appendOrderEvent, getOrderIn, type EventActor, type OrderRecord } from '../orders/index.ts';
import { deliveries, type DeliveryRecord } from './delivery.model.ts';
import { moveDelivery } from './delivery-transition.service.ts';
import { WAIT_TIMER } from './timer-kinds.ts';

/** Nobody need be at home before the slot that they asked for. */
export function waitUntil({ slot }: Pick<OrderRecord, 'slot'>, atDropoffAt: Date): Date {
  const from = slot !== null && slot.startAt > atDropoffAt ? slot.startAt : atDropoffAt;
  return addMs(from, config.dispatch.dropoffWaitSeconds * 1000);
}

/** The courier is at the door: T7 begins. */
export async function arriveAtDropoff(tx: Tx, delivery: DeliveryRecord, actor: EventActor): Promise<DeliveryRecord> {
  const arrived = await moveDelivery(tx, 'arriveAtDropoff', { delivery, actor, set: { atDropoffAt: now() } });
  const dueAt = waitUntil(await getOrderIn(tx, delivery.orderId), now());
  await scheduleTimer(tx, { kind: WAIT_TIMER, subjectId: delivery._id, dueAt });
  return arrived;
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
