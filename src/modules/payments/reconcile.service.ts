import { trusted } from 'mongoose';
import { withTransaction } from '../../infra/mongo/index.ts';
import { counter, reportError } from '../../infra/observability/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { askProvider, discardLostIntent } from './intents.service.ts';
import { PaymentModel, type PaymentRecord } from './payment.model.ts';
import { PAYMENT_UNSETTLED } from './payments.events.ts';
import { RefundModel } from './refunds/refund.model.ts';
import { makeRefund } from './refunds/refund-job.service.ts';

/** By then a webhook or the job's own retry has usually told. */
const GRACE_MS = 60_000;
/** Asked so seldom at most, however long nobody knows: everything is asked well within ten minutes. */
const ASKED_EVERY_MS = 240_000;
const AT_ONCE = 10;

const asked = counter('quickbite_reconciler_asked_total', 'What the provider was asked about anew', ['kind', 'result']);

/** Sweep: asks the provider about everything that is not resolved, in small batches, the longest unasked first. */
export async function reconcilePayments(): Promise<void> {
  const payments = await findUnresolved();
  await Promise.all(payments.map((payment) => tell('payment', payment._id, () => resolve(payment))));
  const unopened = await findUnopened();
  await Promise.all(unopened.map((payment) => tell('payment', payment._id, () => closeUnopened(payment))));
  const refunds = await RefundModel.find({
    status: trusted({ $in: ['approved', 'processing'] }),
    updatedAt: trusted({ $lt: addMs(now(), -GRACE_MS) }),
  })
    .sort({ updatedAt: 1 })
    .limit(AT_ONCE)
    .lean();
  await Promise.all(refunds.map(({ _id }) => tell('refund', _id, () => resolveRefund(_id))));
}

/** Closed without an intent: one may hold the customer's money all the same. */
function findUnopened(): Promise<PaymentRecord[]> {
  return PaymentModel.find({
    ...{ status: 'expired', intentId: null, updatedAt: trusted({ $lt: addMs(now(), -GRACE_MS) }) },
  })
    .sort({ updatedAt: 1 })
    .limit(AT_ONCE)
    .lean();
}

async function closeUnopened(payment: PaymentRecord): Promise<void> {
  const { _id, status, updatedAt } = payment;
  const nextAt = addMs(now(), ASKED_EVERY_MS - GRACE_MS);
  const claimed = await PaymentModel.updateOne({ _id, status, updatedAt }, { $set: { updatedAt: nextAt } });
  if (claimed.modifiedCount === 1) await discardLostIntent(payment);
}

function findUnresolved(): Promise<PaymentRecord[]> {
  return PaymentModel.find({
    status: trusted({ $in: ['requires_payment', 'requires_action', 'capturing', 'voiding'] }),
    updatedAt: trusted({ $lt: addMs(now(), -GRACE_MS) }),
  })
    .sort({ updatedAt: 1 })
    .limit(AT_ONCE)
    .lean();
}

/** Asked first, then put to the end of the queue: a provider that is away is asked no more often for that. */
async function resolve(payment: PaymentRecord): Promise<void> {
  const { _id, orderId, status, updatedAt } = payment;
  const nextAt = addMs(now(), ASKED_EVERY_MS - GRACE_MS);
  const claimed = await PaymentModel.updateOne({ _id, status, updatedAt }, { $set: { updatedAt: nextAt } });
  if (claimed.modifiedCount === 0) return;
  await askProvider(payment);
  // The job does the rest: it captures, frees and gives back under the same keys.
  if (status === 'capturing' || status === 'voiding') {
    await withTransaction((tx) => appendOutbox(tx, [{ event: PAYMENT_UNSETTLED, payload: { orderId } }]));
  }
}

async function resolveRefund(refundId: string): Promise<void> {
  const nextAt = addMs(now(), ASKED_EVERY_MS - GRACE_MS);
  await RefundModel.updateOne({ _id: refundId }, { $set: { updatedAt: nextAt } });
  await makeRefund(refundId);
}

async function tell(kind: 'payment' | 'refund', id: string, ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
    asked.inc({ kind, result: 'ok' });
  } catch (error) {
    asked.inc({ kind, result: 'failed' });
    reportError(error, { where: 'reconcilePayments', info: { id } });
  }
}
