import { withTransaction } from '../../../infra/mongo/index.ts';
import { chargeRefund, creditDispute } from '../../ledger/index.ts';
import { TERMINAL_STATUSES, type OrderRecord } from '../../orders/index.ts';
import { dueOf } from '../next-step.ts';
import type { PaymentRecord } from '../payment.model.ts';
import { RefundModel } from './refund.model.ts';

/**
 * Support had given back what the end of the order gives back anyhow: who was charged for it gets it again, or they would have paid
 * for what the customer had a right to. Silent while a refund is under way, or a dispute: its end asks again.
 */
export async function returnCharges(order: OrderRecord, payment: PaymentRecord): Promise<void> {
  let leftMinor = givenBeforeMinor(order, payment);
  if (leftMinor <= 0 || payment.pendingRefundMinor > 0 || payment.status === 'disputed') return;
  const filter = { paymentId: payment._id, cause: 'support', status: 'succeeded' } as const;
  const refunds = await RefundModel.find(filter).sort({ _id: 1 }).lean();
  await withTransaction(async (tx) => {
    for (const { _id, amountMinor, liableParty } of refunds) {
      const returnedMinor = Math.min(leftMinor, amountMinor);
      leftMinor -= returnedMinor;
      if (returnedMinor === 0) return;
      await chargeRefund(tx, { refundId: `${_id}-returned`, order, amountMinor: -returnedMinor, liableParty });
    }
  });
}

/** What was to be given back at the end, and was not, since it had been already. */
function givenBeforeMinor(order: OrderRecord, payment: PaymentRecord): number {
  const { method, amountCapturedMinor, settledRefundMinor, disputedMinor } = payment;
  if (method !== 'card' || !TERMINAL_STATUSES.includes(order.status)) return 0;
  return amountCapturedMinor - dueOf(order) - settledRefundMinor - disputedMinor;
}

/**
 * What the end of the order gives back, and a lost dispute had taken already, was given by the bank: the customer has it, and gets it
 * once. Waits for open disputes and for refunds that are under way.
 */
export async function creditLostDispute(order: OrderRecord, payment: PaymentRecord): Promise<void> {
  const { method, status, amountCapturedMinor, settledRefundMinor, pendingRefundMinor, disputedMinor } = payment;
  if (method !== 'card' || disputedMinor === 0 || status === 'disputed' || pendingRefundMinor > 0) return;
  if (!TERMINAL_STATUSES.includes(order.status)) return;
  const owedMinor = amountCapturedMinor - dueOf(order) - settledRefundMinor;
  const amountMinor = Math.min(Math.max(0, owedMinor), disputedMinor);
  await withTransaction((tx) => creditDispute(tx, { order, amountMinor }));
}
