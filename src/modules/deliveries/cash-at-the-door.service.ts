import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { money } from '../../shared/money.ts';
import { courierCashBalance } from '../ledger/index.ts';
import { findOrder, getOrderIn } from '../orders/index.ts';
import { markCashCollected } from '../payments/index.ts';
import type { DeliveryRecord } from './delivery.model.ts';

type Carried = Pick<DeliveryRecord, 'orderId' | 'courierId' | 'isCash'>;

/**
 * In the transaction of the hand-over: the courier says how much was taken, and it is what the order is worth now; nothing is taken
 * for an order that is paid otherwise.
 * @throws AppError `cash_amount_wrong`, with what is due
 */
export async function takeCash(tx: Tx, { orderId, courierId, isCash }: Carried, collectedMinor = 0): Promise<void> {
  const { amountDueMinor, currency } = await getOrderIn(tx, orderId);
  const dueMinor = isCash ? amountDueMinor : 0;
  if (collectedMinor !== dueMinor) {
    throw new AppError('cash_amount_wrong', { details: { due: money(dueMinor, currency) } });
  }
  if (isCash && courierId !== null) await markCashCollected(tx, { orderId, courierId, amountMinor: dueMinor });
}

/** For the courier's screen; null: nothing is to be taken. */
export async function cashDueMinor({ orderId, isCash }: Carried): Promise<number | null> {
  if (!isCash) return null;
  return (await findOrder(orderId))?.amountDueMinor ?? null;
}

/**
 * Those of `courierIds` who would carry more cash of ours than they may, had they this delivery's, too. Asked when offers go out: a
 * courier carries one delivery at a time, so nothing is added before an offer is answered.
 */
export async function listOverCashLimit(delivery: DeliveryRecord, courierIds: readonly string[]): Promise<string[]> {
  const dueMinor = await cashDueMinor(delivery);
  if (dueMinor === null) return [];
  const { currency } = delivery;
  const limitMinor = config.money.courierCashLimits[currency] ?? 0;
  const balances = await Promise.all(courierIds.map((courierId) => courierCashBalance(courierId, currency)));
  return courierIds.filter((_, index) => (balances[index] ?? 0) + dueMinor > limitMinor);
}
