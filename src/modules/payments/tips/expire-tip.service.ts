import { withTransaction } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { now } from '../../../shared/clock.ts';
import { finalizePayment } from '../finalize-payment.service.ts';
import * as gateway from '../gateways/stripe.ts';
import { PaymentModel, type PaymentRecord } from '../payment.model.ts';
import { TIP_OVERDUE } from '../payments.events.ts';
import { isWaiting } from './tip-rules.ts';

/** No timer waits for the provider: the asking is a job of its own. */
export async function promiseTipExpiry(tipId: string): Promise<void> {
  await withTransaction((tx) => appendOutbox(tx, [{ event: TIP_OVERDUE, payload: { tipId } }]));
}

/**
 * A tip that was not paid in time is given up: its intent is ended at the provider, which either ends it or says that it was paid;
 * then it counts. Safe to repeat.
 * @throws while the provider is silent: the job comes again
 */
export async function expireTip(tipId: string): Promise<void> {
  const tip = await PaymentModel.findById(tipId).lean();
  if (tip === null || !isWaiting(tip)) return;
  if (tip.intentId === null) return closeUnopened(tip);
  const record = await gateway.cancelIntent(tip.intentId);
  await withTransaction((tx) => finalizePayment(tx, record));
  const isOver = record.status === 'voided' || record.status === 'captured';
  if (!isOver) throw new Error(`tip ${tipId} is ${record.status} after its end`);
}

/** Conditional on the missing intent: one that is being made meanwhile is cancelled by its maker. */
async function closeUnopened({ _id, status }: PaymentRecord): Promise<void> {
  const { modifiedCount } = await PaymentModel.updateOne(
    { _id, status, intentId: null },
    { $set: { status: 'expired', updatedAt: now() } },
  );
  if (modifiedCount === 0) throw new Error(`tip ${_id} has moved on: look again`);
}
