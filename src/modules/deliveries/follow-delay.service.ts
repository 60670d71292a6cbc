import { withTransaction } from '../../infra/mongo/index.ts';
import { scheduleTimer } from '../../infra/timers/index.ts';
import { now } from '../../shared/clock.ts';
import { findOrder } from '../orders/index.ts';
import { BEFORE_PICKUP } from './delivery.machine.ts';
import { deliveries } from './delivery.model.ts';
import { dispatchAt } from './dispatch-plan.ts';
import { DISPATCH_TIMER } from './timer-kinds.ts';

/**
 * The kitchen put the food off: the delivery expects it then, and T4, if couriers are not asked yet, moves with it. Twice or late the
 * same; a delivery that does not exist yet is made with the order's new time.
 */
export async function followDelay(orderId: string): Promise<void> {
  const order = await findOrder(orderId);
  if (order?.readyEta == null) return;
  const { readyEta } = order;
  await withTransaction(async (tx) => {
    const delivery = await deliveries().findOneAndUpdate(
      { orderId, status: { $in: ['unassigned', 'offering', ...BEFORE_PICKUP] } },
      { $set: { readyEta, updatedAt: now() } },
      { session: tx, returnDocument: 'after' },
    );
    // A search that has begun goes on: who takes it sees when the food is ready.
    if (delivery?.status !== 'unassigned' || delivery.dispatchStartedAt !== null) return;
    await scheduleTimer(tx, { kind: DISPATCH_TIMER, subjectId: delivery._id, dueAt: dispatchAt(readyEta, now()) });
  });
}
