import type { Tx } from '../../../infra/mongo/index.ts';
import { cancelTimers } from '../../../infra/timers/index.ts';
import type { OrderRecord } from '../order.model.ts';
import { AmendmentModel } from './amendment.model.ts';

/** The customer's time to answer. */
export const AMENDMENT_TIMER = 'order.amendment';

/** Of an order that has just ended, in the same transaction: nobody is asked any more. */
export async function voidOpenAmendment(tx: Tx, { _id: orderId, endedAt, amendments }: OrderRecord): Promise<void> {
  if (amendments === 0) return;
  const ended = { status: 'void' as const, settledAt: endedAt };
  const open = await AmendmentModel.collection.findOneAndUpdate(
    { orderId, status: 'proposed' },
    { $set: ended },
    { session: tx, projection: { _id: 1 } },
  );
  if (open !== null) await cancelTimers(tx, String(open._id), [AMENDMENT_TIMER]);
}
