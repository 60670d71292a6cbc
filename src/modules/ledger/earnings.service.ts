import { withTransaction } from '../../infra/mongo/index.ts';
import { scheduleTimer } from '../../infra/timers/index.ts';
import { secondsFromNow } from '../../shared/clock.ts';
import { findOrder } from '../orders/index.ts';
import { payables } from './payable.model.ts';
import { EARNINGS_TIMER } from './post-to-ledger.service.ts';

/** A disputed order is looked at again after this. */
const DISPUTE_RECHECK_SECONDS = 24 * 3600;

/** T11: what an entry earned becomes payable, unless the customer's bank disputes the payment of its order. */
export async function releaseEarnings(entryId: string): Promise<void> {
  const held = await payables().findOne({ entryId, status: 'held' });
  if (held === null) return;
  const order = held.orderId === null ? null : await findOrder(held.orderId);
  await withTransaction(async (tx) => {
    if (order?.paymentStatus === 'disputed') {
      const dueAt = secondsFromNow(DISPUTE_RECHECK_SECONDS);
      await scheduleTimer(tx, { kind: EARNINGS_TIMER, subjectId: entryId, dueAt });
      return;
    }
    await payables().updateMany({ entryId, status: 'held' }, { $set: { status: 'payable' } }, { session: tx });
  });
}
