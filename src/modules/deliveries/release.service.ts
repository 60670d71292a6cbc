import type { Tx } from '../../infra/mongo/index.ts';
import { cancelTimers, scheduleTimer } from '../../infra/timers/index.ts';
import { now } from '../../shared/clock.ts';
import type { EventActor } from '../orders/index.ts';
import { freeCourier } from './courier-claims.service.ts';
import type { DeliveryRecord } from './delivery.model.ts';
import { moveDelivery } from './delivery-transition.service.ts';
import { dispatchAt } from './dispatch-plan.ts';
import { newCode } from './new-delivery.ts';
import { CARRYING_TIMERS, DISPATCH_TIMER } from './timer-kinds.ts';

/** The search begins again, without this courier, and under a handover code that this courier does not know. */
export async function release(
  tx: Tx,
  delivery: DeliveryRecord,
  { actor, reason }: { actor: EventActor; reason?: string },
): Promise<DeliveryRecord> {
  const { _id, courierId, releasedBy, handoverCode, readyEta } = delivery;
  const released = await moveDelivery(tx, 'release', {
    delivery,
    actor,
    set: {
      courierId: null,
      assignedAt: null,
      releasedBy: courierId === null ? releasedBy : [...releasedBy, courierId],
      handoverCode: newCode(handoverCode),
      handoverTries: 0,
    },
    orderSet: { courierId: null },
    ...(reason === undefined ? {} : { data: { reason } }),
  });
  await freeCourier(tx, delivery);
  await cancelTimers(tx, _id, CARRYING_TIMERS);
  await scheduleTimer(tx, { kind: DISPATCH_TIMER, subjectId: _id, dueAt: dispatchAt(readyEta, now()) });
  return released;
}
