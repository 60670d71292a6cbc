import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { postToLedger } from '../ledger/index.ts';
import { recordPaymentEvent } from '../orders/index.ts';
import { auditMoney, movePayment } from './finalize-payment.service.ts';
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
