import { trusted } from 'mongoose';
import { withTransaction } from '../../../infra/mongo/index.ts';
import { chargeRefund, creditDispute } from '../../ledger/index.ts';
import { TERMINAL_STATUSES, type OrderRecord } from '../../orders/index.ts';
import { dueOf, refundableOf } from '../next-step.ts';
import type { PaymentRecord } from '../payment.model.ts';
import { RefundModel } from './refund.model.ts';

/**
 * Support had given back what the end of the order gives back anyhow: who was charged for it gets it again, or they would have paid
 * for what the customer had a right to. Silent while a refund is under way, or a dispute: its end asks again.
 */
export async function returnCharges(order: OrderRecord, payment: PaymentRecord): Promise<void> {
  if (payment.method !== 'card' || !TERMINAL_STATUSES.includes(order.status)) return;
  if (payment.pendingRefundMinor > 0 || payment.status === 'disputed') return;
  let leftMinor = givenBeforeMinor(order, payment, await failedSettlementsMinor(payment));
  if (leftMinor <= 0) return;
  const filter = { paymentId: payment._id, cause: 'support', status: 'succeeded' } as const;
  const refunds = await RefundModel.find(filter).sort({ _id: 1 }).lean();
  await withTransaction(async (tx) => {
    for (const { _id, amountMinor, liableParty } of refunds) {
      const returnedMinor = Math.min(leftMinor, amountMinor);
      leftMinor -= returnedMinor;
      if (returnedMinor === 0) return;
      // A bank that sends the refund back at this moment meets us in its row: only one of the two undoes the charge.
      const isCharged = { _id, status: 'succeeded' as const, returnedMinor: trusted({ $exists: false }) };
      const { modifiedCount } = await RefundModel.updateOne(isCharged, { $set: { returnedMinor } }).session(tx);
      if (modifiedCount === 0) continue;
      await chargeRefund(tx, { refundId: `${_id}-returned`, order, amountMinor: -returnedMinor, liableParty });
    }
  });
}

/** What was to be given back at the end, and was not, since it had been already. */
function givenBeforeMinor(order: OrderRecord, payment: PaymentRecord, failedMinor: number): number {
  const { amountCapturedMinor, settledRefundMinor, disputedMinor } = payment;
  // What could not be given back is still to be, unless the bank has taken it.
  const outstandingMinor = Math.min(failedMinor, refundableOf(payment));
  const givenMinor = settledRefundMinor - failedMinor + disputedMinor;
  return amountCapturedMinor - dueOf(order) - givenMinor - outstandingMinor;
}

/** Refunds that the end of the order asked for and the provider refused: they count as settled, and nobody has the money. */
async function failedSettlementsMinor({ _id: paymentId }: PaymentRecord): Promise<number> {
  const isReplaced = trusted({ $exists: false });
  const refused = { paymentId, cause: 'settlement', status: 'failed', isReserved: false } as const;
  const refunds = await RefundModel.find({ ...refused, isReplaced }, { amountMinor: 1 }).lean();
  return refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/**
 * What the end of the order gives back, and a lost dispute had taken already, was given by the bank: the customer has it, and gets it
 * once. Waits for open disputes and for refunds that are under way.
 */
export async function creditLostDispute(order: OrderRecord, payment: PaymentRecord): Promise<void> {
  const { method, status, amountCapturedMinor, settledRefundMinor, pendingRefundMinor, disputedMinor } = payment;
  if (method !== 'card' || disputedMinor === 0 || status === 'disputed' || pendingRefundMinor > 0) return;
  if (!TERMINAL_STATUSES.includes(order.status)) return;
  const givenMinor = settledRefundMinor - (await failedSettlementsMinor(payment));
  const owedMinor = amountCapturedMinor - dueOf(order) - givenMinor;
  const amountMinor = Math.min(Math.max(0, owedMinor), disputedMinor);
  await withTransaction((tx) => creditDispute(tx, { order, amountMinor }));
}
