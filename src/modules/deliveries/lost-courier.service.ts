import { config } from '../../config/index.ts';
import { isAppError } from '../../errors/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { scheduleTimer } from '../../infra/timers/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { appendOrderEvent } from '../orders/index.ts';
import { couriers } from './courier.model.ts';
import { BEFORE_PICKUP, LIVE } from './delivery.machine.ts';
import { deliveries, type DeliveryRecord } from './delivery.model.ts';
import { release } from './release.service.ts';
import { LOST_TIMER } from './timer-kinds.ts';

const SYSTEM = { role: 'system', id: null } as const;

/** T8 from the claim on: looks again when the position that is known now would be too old. */
export async function watchCourier(tx: Tx, subjectId: string, seenAt: Date): Promise<void> {
  const dueAt = addMs(seenAt, config.dispatch.lostSeconds * 1000);
  await scheduleTimer(tx, { kind: LOST_TIMER, subjectId, dueAt });
}

/**
 * T8: a courier without a position loses what is not picked up; of one who has the food operations hear, once for each time it happens.
 * Fires as long as somebody has the delivery in hand.
 */
export async function checkCourier(deliveryId: string): Promise<void> {
  try {
    await withTransaction((tx) => check(tx, deliveryId));
  } catch (error) {
    // Lost the race against a step of the courier, who is there then.
    if (!isAppError(error, 'invalid_transition')) throw error;
  }
}

async function check(tx: Tx, deliveryId: string): Promise<void> {
  const where = { _id: deliveryId, status: { $in: [...LIVE] } };
  const delivery = await deliveries().findOne(where, { session: tx });
  if (delivery?.courierId == null) return;
  const seenAt = await lastSeenAt(tx, delivery);
  const isLost = addMs(seenAt, config.dispatch.lostSeconds * 1000) <= now();
  if (isLost && BEFORE_PICKUP.includes(delivery.status)) {
    await release(tx, delivery, { actor: SYSTEM, reason: 'courier_lost' });
    return;
  }
  if (isLost && (delivery.lostAt === null || seenAt > delivery.lostAt)) await reportLost(tx, delivery);
  await watchCourier(tx, deliveryId, isLost ? now() : seenAt);
}

async function lastSeenAt(tx: Tx, { courierId, assignedAt }: DeliveryRecord): Promise<Date> {
  const courier = await couriers().findOne({ _id: courierId ?? '' }, { session: tx, projection: { locationAt: 1 } });
  const fixedAt = courier?.locationAt ?? null;
  const claimedAt = assignedAt ?? now();
  return fixedAt !== null && fixedAt > claimedAt ? fixedAt : claimedAt;
}

async function reportLost(tx: Tx, { _id, orderId }: DeliveryRecord): Promise<void> {
  await deliveries().updateOne({ _id }, { $set: { lostAt: now(), updatedAt: now() } }, { session: tx });
  await appendOrderEvent(tx, { orderId, type: 'delivery.courier_lost', actor: SYSTEM, data: {} });
}
