import { withTransaction } from '../../../infra/mongo/index.ts';
import { chargeRefund } from '../../ledger/index.ts';
import { TERMINAL_STATUSES, type OrderRecord } from '../../orders/index.ts';
import { dueOf } from '../next-step.ts';
import type { PaymentRecord } from '../payment.model.ts';
import { RefundModel } from './refund.model.ts';

/**
 * Support had given back what the end of the order gives back anyhow: who was charged for it gets it again, or they would have paid
 * for what the customer had a right to. Silent while a refund is under way: its end asks again.
 */
export async function returnCharges(order: OrderRecord, payment: PaymentRecord): Promise<void> {
  let leftMinor = givenBeforeMinor(order, payment);
  if (leftMinor <= 0 || payment.pendingRefundMinor > 0) return;
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
