import { trusted } from 'mongoose';
import { AppError } from '../../errors/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { listHandedIn, listSetOff, postToLedger } from '../ledger/index.ts';
import { recordPaymentEvent } from '../orders/index.ts';
import { auditMoney, movePayment } from './move-payment.service.ts';
import { PaymentModel } from './payment.model.ts';
import { getPaymentOf } from './payments.service.ts';

export interface CollectedCash {
  orderId: string;
  amountMinor: number;
  courierId: string;
}

/**
 * The courier has the customer's cash: in the transaction of the hand-over. That it is what the order is worth was checked there.
 * @returns false for an order that is not paid in cash, or was already
 * @throws AppError `not_found`
 */
export async function markCashCollected(tx: Tx, { orderId, amountMinor, courierId }: CollectedCash): Promise<boolean> {
  const payment = await getPaymentOf(orderId, tx);
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 0) throw new AppError('internal_error');
  const set = { amountCapturedMinor: amountMinor, captureMinor: amountMinor };
  if (!(await movePayment(payment, { to: 'cod_collected', set }, tx))) return false;
  const data = { amountMinor };
  await recordPaymentEvent(tx, { orderId, type: 'payment.cash_collected', paymentStatus: 'cod_collected', data });
  await auditMoney(tx, payment, { event: 'money.cash_collected', status: 'cod_collected', courierId, amountMinor });
  const { _id: sourceId, customerId, currency } = payment;
  await postToLedger(tx, {
    ...{ kind: 'cash_collected', sourceId, orderId, currency },
    lines: [
      { account: 'courier_cash', ownerId: courierId, amountMinor },
      { account: 'customer', ownerId: customerId, amountMinor: -amountMinor },
    ],
  });
  return true;
}

/** The cash of these orders is no longer with the courier: it was handed in, or set off against earnings. Safe to repeat. */
export async function settleHandedIn({ courierId, currency }: { courierId: string; currency: string }): Promise<void> {
  await settleAll(await listHandedIn(courierId, currency));
}

export async function settleSetOff(payoutId: string): Promise<void> {
  await settleAll(await listSetOff(payoutId));
}

async function settleAll(paymentIds: string[]): Promise<void> {
  const waiting = await PaymentModel.find({ _id: trusted({ $in: paymentIds }), status: 'cod_collected' }).lean();
  for (const payment of waiting) {
    await withTransaction(async (tx) => {
      if (!(await movePayment(payment, { to: 'settled' }, tx))) return;
      const { orderId } = payment;
      await recordPaymentEvent(tx, { orderId, type: 'payment.cash_settled', paymentStatus: 'settled' });
      await auditMoney(tx, payment, { event: 'money.cash_settled', status: 'settled' });
    });
  }
}
